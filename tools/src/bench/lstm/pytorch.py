"""Epochs of the LSTM that `npm run bench -- lstm` trains, by PyTorch on one thread.

Reads a number of hidden units a line; answers with the CPU seconds of one epoch a line, after one line with the
version. The first epoch of a size is not counted: it allocates.
"""

import sys
import time

import torch

SEQUENCES, STEPS, INPUTS, OUTPUTS, BATCH = map(int, sys.argv[1:6])


class Network(torch.nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = torch.nn.LSTM(INPUTS, hidden)
        self.head = torch.nn.Linear(hidden, OUTPUTS)

    def forward(self, sequences):
        return self.head(self.lstm(sequences)[0])


def epoch(network, optimiser, sequences, targets):
    for rows in torch.randperm(SEQUENCES).split(BATCH):
        optimiser.zero_grad(set_to_none=True)
        outputs = network(sequences.index_select(1, rows))
        loss = ((outputs - targets.index_select(1, rows)) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    sequences = torch.randn(STEPS, SEQUENCES, INPUTS)
    targets = torch.randn(STEPS, SEQUENCES, OUTPUTS)
    known = {}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        hidden = int(line)
        if hidden not in known:
            network = Network(hidden)
            known[hidden] = network, torch.optim.Adam(network.parameters(), lr=1e-3)
            epoch(*known[hidden], sequences, targets)
        from_seconds = time.process_time()
        epoch(*known[hidden], sequences, targets)
        print(time.process_time() - from_seconds, flush=True)


main()
