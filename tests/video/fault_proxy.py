"""A TCP proxy that harms what passes: for tests of streams over RTSP/TCP and HTTP."""
import random
import select
import socket
import threading


class FaultProxy:
    """Forwards connections of `port` to `target_port`, both on 127.0.0.1.

    stalled: nothing passes any more, connections stay open. corrupt_share: of the server's blocks, how many get a byte
    changed in their middle. cut(): resets all connections. refusing: new connections are closed at once.
    """

    def __init__(self, target_port):
        self.target_port = target_port
        self.stalled = False
        self.refusing = False
        self.corrupt_share = 0.0
        self.connections = 0
        self.random = random.Random(1)
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port), timeout=2)
            except OSError:
                client.close()
                continue
            self.pairs.append((client, server))
            threading.Thread(target=self.forward, args=(client, server), daemon=True).start()

    def forward(self, client, server):
        try:
            while True:
                readable, _, _ = select.select([client, server], [], [], 0.2)
                if self.stalled:
                    threading.Event().wait(0.1)
                    continue
                for source in readable:
                    block = source.recv(16384)
                    if not block:
                        return
                    if source is server and len(block) > 200 and self.random.random() < self.corrupt_share:
                        at = self.random.randrange(100, len(block))
                        block = block[:at] + bytes([block[at] ^ 0x55]) + block[at + 1:]
                    (server if source is client else client).sendall(block)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def cut(self):
        for client, server in self.pairs:
            for one in (client, server):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs.clear()

    def close(self):
        self.closing = True
        self.listener.close()
        self.cut()
