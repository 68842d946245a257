from __future__ import annotations

import torch

from mmsrkd.quantization.recording import IMAGE, record

from .networks import Odd, images


def test_every_way_through_the_network_is_seen():
    even, odd = images(1)[0], images(1, (25, 27))[0]
    graph = record(Odd(), [even, odd])
    assert graph.ops["head"].inputs == {0: {IMAGE, "pad_0"}}
    assert "pad_0" not in record(Odd(), [even]).ops


def test_calls_of_one_layer_are_told_apart():
    ops = record(Odd(), images(1)).ops
    assert ops["shared"].inputs == {0: {"head"}}
    assert ops["shared~1"].inputs == {0: {"act.relu_0"}}
    assert ops["shared"].weight == ops["shared~1"].weight == "shared.weight"


def test_operations_in_place_and_by_name_have_their_sources():
    ops = record(Odd(), images(1)).ops
    assert ops["add_0"].inputs == {0: {"act~1.relu_0"}, 1: {"head"}}
    assert ops["cat_0"].inputs == {0: {"act.relu_0"}, 1: {"mul_0"}}


def test_leaves_the_network_as_it_was():
    network = Odd().train()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    record(network, images(1))
    assert network.training
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())
