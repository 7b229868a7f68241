namespace Hearsay.Protocols;

/// <summary>Where an epoch of push-sum begins and ends, and what is told of it.</summary>
internal sealed partial class PushSumProtocol
{
    private bool _foundNobody;
    private bool _metSomebody;

    /// <summary>The epoch whose pushes are taken in while the node does not know the epoch; 0 for none.</summary>
    private long _joining;

    private void EndEpochs()
    {
        if (Clock.IsLost(_context.Now))
        {
            _epochs.Leave();
            _joining = 0;
        }

        while (_context.Now >= Clock.Ends)
        {
            Complete();
            Clock.Next(_context.Now);
            BeginEpoch();
        }
    }

    /// <summary>Who took part from the beginning, and to the end, has a result.</summary>
    private void Complete()
    {
        if (Clock.Phase == EpochPhase.Running && !_epochs.IsOpen(_context.Now))
        {
            Counters.Epochs++;
            Publish(isFinal: true);
        }
    }

    private void BeginEpoch()
    {
        (_foundNobody, _metSomebody) = (false, false);
        BeginSlots(Clock.Phase == EpochPhase.Running);
    }

    private void BeginSlots(bool takesPart)
    {
        foreach (var slot in _table.Slots)
        {
            slot.Begin(takesPart);
            if (takesPart)
            {
                _values?.RequestValue(slot.Id, slot.Definition, Clock.Epoch);
            }
        }
    }

    private void Publish(bool isFinal)
    {
        if (_sink is null || Clock.Phase != EpochPhase.Running)
        {
            return;
        }

        foreach (var slot in _table.Slots)
        {
            if (slot.IsActive)
            {
                var isAlone = _foundNobody && !_metSomebody;
                _sink.OnEstimate(
                    slot.Id, slot.Read(Clock, _context.Now, isFinal, isAlone, _context.NetworkSize));
            }
        }
    }

    /// <summary>
    /// What is sent to a node that is still joining would be lost for the epoch: it is kept, and passed on once the
    /// node has found that this is the epoch.
    /// </summary>
    private EpochVerdict Listen(NodeId from, in AggregationHeader header)
    {
        var verdict = _epochs.Judge(from, header, _context.Now);
        if (_joining == 0)
        {
            _joining = header.Epoch;
            BeginSlots(takesPart: false);
        }

        return header.Epoch == _joining ? EpochVerdict.Same : verdict;
    }

    private void EnterFirst()
    {
        if (Clock.Epoch != _joining || Clock.Phase == EpochPhase.Running)
        {
            BeginEpoch();
        }

        _joining = 0;
    }
}
