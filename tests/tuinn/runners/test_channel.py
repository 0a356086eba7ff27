"""Messages that arrive whole, over sockets that hold only a part of them."""

import socket

import pytest

from tuinn.runners.channel import Channel


@pytest.fixture
def ends():
    channels = [Channel(end) for end in socket.socketpair()]
    yield channels
    for channel in channels:
        channel.close()


def test_what_does_not_fit_waits_and_arrives_whole(ends):
    ours, theirs = ends
    large = bytes(10_000_000)
    ours.send(large)
    ours.send("after it")
    assert ours.waits_to_send
    received = []
    while len(received) < 2:
        received += theirs.receive()
        ours.flush()
    assert received == [large, "after it"]
    assert not ours.waits_to_send
    assert theirs.receive() == []


def test_an_end_is_known_once_everything_before_it_was_received(ends):
    ours, theirs = ends
    ours.send("the last")
    ours.end()
    assert theirs.receive() == ["the last"]
    assert theirs.closed
    # the other direction is still open
    theirs.send("heard")
    assert ours.receive() == ["heard"]
    assert not ours.closed


def test_a_message_that_was_cut_off_is_none(ends):
    ours, theirs = ends
    ours.connection.send((1_000).to_bytes(8, "big") + b"only this")
    ours.end()
    assert theirs.receive() == []
    assert theirs.closed


def test_nobody_there_is_no_error(ends):
    ours, theirs = ends
    theirs.close()
    ours.send("lost")
    ours.end()
    assert ours.receive() == []
    assert ours.closed
    assert not ours.waits_to_send
