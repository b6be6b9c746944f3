"""A camera of H.264 over RTSP/TCP that is hung up on and called again a thousand times: no pipeline, only sockets."""
import base64
import socket
import struct
import threading
import time

MTU = 1400
CLOCK = 90_000
PAYLOAD_TYPE = 96


def units(stream):
    """The NAL units of a bare H.264 stream."""
    return [unit.rstrip(b"\0") for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def pictures(stream):
    """The NAL units of every picture; parameter sets go with the picture behind them."""
    waiting, result = [], []
    for unit in units(stream):
        waiting.append(unit)
        if unit[0] & 31 in (1, 5):
            result.append(waiting)
            waiting = []
    return result


def payloads(unit):
    """RFC 6184: a small unit as it is, a large one in fragments."""
    if len(unit) <= MTU:
        return [unit]
    head, body = unit[0], unit[1:]
    parts = [body[at:at + MTU] for at in range(0, len(body), MTU)]
    flags = [0x80] + [0] * (len(parts) - 2) + [0x40]
    return [bytes([head & 0xE0 | 28, flag | head & 31]) + part for flag, part in zip(flags, parts)]


class TinyCamera:
    """Plays the stream over and over, `speed` times as fast as its time stamps of 25 pictures a second say."""

    def __init__(self, stream, speed=10):
        self.pictures = pictures(stream)
        self.speed = speed
        sets = [unit for unit in self.pictures[0] if unit[0] & 31 in (7, 8)]
        self.sdp = ("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=tiny\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets="
                    + ",".join(base64.b64encode(unit).decode() for unit in sets) + "\r\na=control:track\r\n")
        self.clients = set()
        self.plays = 0  # how often a client began to watch
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self.listener.getsockname()[1]}/tiny"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.clients.add(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            with client, client.makefile("rb") as requests:
                while self.answer(client, requests):
                    pass
        except OSError:
            pass
        finally:
            self.clients.discard(client)

    def answer(self, client, requests):
        """Answers one request; from PLAY on, sends pictures until the connection breaks."""
        method = requests.readline().split(b" ")[0].decode()
        if not method:
            return False
        number = "0"
        for line in iter(requests.readline, b"\r\n"):
            if line.lower().startswith(b"cseq:"):
                number = line.split(b":")[1].strip().decode()
        body = self.sdp if method == "DESCRIBE" else ""
        headers = {"DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n",
                   "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"}.get(method, "")
        client.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nSession: 1\r\n{headers}\r\n{body}".encode())
        if method == "PLAY":
            self.plays += 1
            self.play(client)
        return True

    def play(self, client):
        sequence, stamp = 0, 0
        while True:
            for picture in self.pictures:
                packets = [part for unit in picture for part in payloads(unit)]
                for index, part in enumerate(packets):
                    marker = 0x80 if index == len(packets) - 1 else 0
                    rtp = struct.pack(">BBHII", 0x80, PAYLOAD_TYPE | marker, sequence & 0xFFFF, stamp & 0xFFFFFFFF, 1)
                    client.sendall(struct.pack(">cBH", b"$", 0, len(rtp) + len(part)) + rtp + part)
                    sequence += 1
                stamp += CLOCK // 25
                time.sleep(1 / 25 / self.speed)

    def hang_up(self):
        """Resets all connections, as a camera does that loses its power."""
        for client in list(self.clients):
            try:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        self.hang_up()
