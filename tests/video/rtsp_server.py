#!/usr/bin/env python3
"""A small RTSP server for tests, on GStreamer's. Needs python3-gi and gir1.2-gst-rtsp-server-1.0.

Usage: rtsp_server.py PORT [--auth USER:PASSWORD] PATH=FILE|PATH=test:WIDTHxHEIGHT@FPS[:h264|h265[:KEY]] ...
Streams live patterns of videotestsrc (a key picture every KEY, by default every second), or files at their own pace from
their beginning for every client: .mp4 of H.264, .h265.mp4, and bare .h264 streams. Prints "ready" when it listens.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def pay(codec):
    return f"{codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1"


def launch(what):
    if not what.startswith("test:"):
        codec = "h265" if what.endswith(".h265.mp4") else "h264"
        demux = "qtdemux ! " if what.endswith(".mp4") else ""
        return f"( filesrc location={what} ! {demux}{pay(codec)} )"
    size, rest = what[5:].split("@")
    width, height = size.split("x")
    fps, codec, key = (rest.split(":") + ["h264", ""][rest.count(":"):])[:3]
    encoder = "x265enc" if codec == "h265" else "x264enc"
    return (f"( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width={width},height={height},"
            f"framerate={fps}/1 ! {encoder} tune=zerolatency speed-preset=ultrafast key-int-max={key or fps} bitrate=1500 ! "
            f"{pay(codec)} )")


def main():
    arguments = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_service(arguments.pop(0))
    credentials = None
    if arguments[0] == "--auth":
        credentials = arguments[1].split(":")
        del arguments[:2]
    mounts = server.get_mount_points()
    for argument in arguments:
        path, _, what = argument.partition("=")
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch(what))
        factory.set_shared(what.startswith("test:"))
        if credentials:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("user", "media.factory.access", True)
            permissions.add_permission_for_role("user", "media.factory.construct", True)
            factory.set_permissions(permissions)
        mounts.add_factory("/" + path, factory)
    if credentials:
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*credentials), token)
        server.set_auth(auth)
    if server.attach(None) == 0:
        sys.exit("the port is in use")
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
