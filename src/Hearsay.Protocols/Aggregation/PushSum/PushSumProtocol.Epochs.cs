namespace Hearsay.Protocols;

/// <summary>Where an epoch of push-sum begins and ends, and what is told of it.</summary>
internal sealed partial class PushSumProtocol
{
    private bool _foundNobody;
    private bool _metSomebody;

    /// <summary>The epoch whose pushes are taken in while the node does not know the epoch; 0 for none.</summary>
    private long _joining;

    /// <inheritdoc/>
    protected override void Leave()
    {
        base.Leave();
        _joining = 0;
    }

    /// <summary>Who took part from the beginning, and to the end, has a result.</summary>
    protected override void Complete()
    {
        if (Clock.Phase == EpochPhase.Running && !Epochs.IsOpen(Context.Now))
        {
            Counters.Epochs++;
            Publish(isFinal: true);
        }
    }

    /// <inheritdoc/>
    protected override void BeginEpoch()
    {
        (_foundNobody, _metSomebody) = (false, false);
        base.BeginEpoch();
    }

    /// <inheritdoc/>
    protected override void Begin(PushSumSlot slot, bool takesPart) => slot.Begin(takesPart);

    private void Publish(bool isFinal)
    {
        if (Sink is null || Clock.Phase != EpochPhase.Running)
        {
            return;
        }

        foreach (var slot in Table.Slots)
        {
            if (slot.IsActive)
            {
                var isAlone = _foundNobody && !_metSomebody;
                Sink.OnEstimate(
                    slot.Id, slot.Read(Clock, Context.Now, isFinal, isAlone, Context.NetworkSize));
            }
        }
    }

    /// <summary>
    /// What is sent to a node that is still joining would be lost for the epoch: it is kept, and passed on once the
    /// node has found that this is the epoch.
    /// </summary>
    private EpochVerdict Listen(in AggregationHeader header)
    {
        if (_joining == 0)
        {
            _joining = header.Epoch;
            BeginSlots(takesPart: false);
        }

        return header.Epoch == _joining ? EpochVerdict.Same : EpochVerdict.Stale;
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
