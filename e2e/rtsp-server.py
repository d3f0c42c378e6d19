"""Serves one video file, looped without end, as an RTSP camera over TCP. For tests only.

    /usr/bin/python3 e2e/rtsp-server.py --file clip.mkv --port 8554 [--name cam] [--user u --password p]

Prints "ready rtsp://127.0.0.1:PORT/NAME" once clients may connect; port 0 takes a free one. Needs ffmpeg and,
from Debian, gstreamer1.0-rtsp, gstreamer1.0-plugins-{base,good,bad} and gir1.2-gst-rtsp-server-1.0.
"""

import argparse
import itertools
import signal
import subprocess
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", required=True)
    parser.add_argument("--port", default="0")
    parser.add_argument("--name", default="camera")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--fps", default="25")
    return parser.parse_args()


def access_units(path, fps):
    """The file's pictures as H.264 access units, with a key frame a second; each begins with a delimiter."""
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", fps, "-x264-params", "aud=1"]
    shape = ["-an", "-r", fps, "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", path, *shape, *encode, "-f", "h264", "pipe:1"]
    stream = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    delimiter = b"\x00\x00\x00\x01\x09"
    return [delimiter + unit for unit in stream.split(delimiter)[1:]]


def factory_of(units, fps):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        "( appsrc name=pictures format=time max-buffers=4 caps=video/x-h264,stream-format=byte-stream,"
        f"alignment=au,framerate={fps}/1 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
    )
    factory.set_shared(True)
    factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
    factory.connect("media-configure", lambda _, media: feed(media, units, int(fps)))
    return factory


def feed(media, units, fps):
    numbers = itertools.count()

    def push(source, _):
        number = next(numbers)
        buffer = Gst.Buffer.new_wrapped(units[number % len(units)])
        buffer.pts = buffer.dts = number * Gst.SECOND // fps
        buffer.duration = Gst.SECOND // fps
        source.emit("push-buffer", buffer)

    media.get_element().get_child_by_name("pictures").connect("need-data", push)


def demand_password(server, factory, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    options = parse_arguments()
    Gst.init(None)
    factory = factory_of(access_units(options.file, options.fps), options.fps)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(options.port)
    if options.user:
        demand_password(server, factory, options.user, options.password or "")
    server.get_mount_points().add_factory(f"/{options.name}", factory)
    loop = GLib.MainLoop()
    if server.attach(None) == 0:
        sys.exit(f"port {options.port} is taken")
    for number in (signal.SIGINT, signal.SIGTERM):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, loop.quit)
    print(f"ready rtsp://127.0.0.1:{server.get_bound_port()}/{options.name}", flush=True)
    loop.run()


main()
