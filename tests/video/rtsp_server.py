#!/usr/bin/env python3
"""A small RTSP server for tests, on GStreamer's. Needs python3-gi and gir1.2-gst-rtsp-server-1.0.

Usage: rtsp_server.py PORT [--auth USER:PASSWORD] PATH=FILE.mp4|PATH=test:WIDTHxHEIGHT@FPS[:h265] ...
Streams live patterns of videotestsrc, or files in a loop at their own pace. Prints "ready" when it listens.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def launch(what):
    if not what.startswith("test:"):
        return (f"( filesrc location={what} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )")
    size, rest = what[5:].split("@")
    width, height = size.split("x")
    fps, _, codec = rest.partition(":")
    raw = (f"videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width={width},height={height},"
           f"framerate={fps}/1")
    if codec == "h265":
        return (f"( {raw} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} bitrate=1500 ! h265parse ! "
                "rtph265pay name=pay0 pt=96 config-interval=-1 )")
    return (f"( {raw} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} bitrate=1500 ! h264parse ! "
            "rtph264pay name=pay0 pt=96 config-interval=-1 )")


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
        factory.set_shared(True)
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
