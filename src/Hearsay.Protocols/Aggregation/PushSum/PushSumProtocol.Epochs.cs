using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>Where an epoch of push-sum begins and ends, and what is told of it.</summary>
internal sealed partial class PushSumProtocol
{
    private bool _foundNobody;
    private bool _metSomebody;

    /// <summary>The epoch whose pushes are taken in while the node does not know the epoch; 0 for none.</summary>
    private long _joining;

    /// <summary>Whether messages may be sent in the epoch: the node knows it, and it is not about to end.</summary>
    private bool IsOpen => Clock.Phase != EpochPhase.Joining
        && Clock.Elapsed(Context.Now) < Clock.Length - (Options.SettleCycles * Options.CycleTime);

    /// <summary>Who took part from the beginning, and to the end, has a result.</summary>
    public override void EndEpoch()
    {
        if (Clock.Phase == EpochPhase.Running && !IsOpen)
        {
            Counters.Epochs++;
            Publish(isFinal: true);
        }
    }

    /// <summary>What came while the node did not know the epoch is kept if this is it, to be passed on.</summary>
    public override void BeginEpoch()
    {
        var takesPart = Clock.Phase == EpochPhase.Running;
        if (takesPart || _joining != Clock.Epoch)
        {
            BeginSlots(takesPart, Clock.Epoch);
        }

        (_foundNobody, _metSomebody, _joining) = (false, false, 0);
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
                    slot.Id, slot.Read(Clock, Context.Now, isFinal, isAlone, Epochs.Size));
            }
        }
    }

    /// <summary>
    /// What is sent to a node that is still joining would be lost for the epoch: it is kept, and passed on once
    /// aggregation has found that this is the epoch. Nothing is believed of it before.
    /// </summary>
    private EpochVerdict Listen(in AggregationHeader header)
    {
        if (_joining == 0)
        {
            _joining = header.Epoch;
            BeginSlots(takesPart: false, _joining);
        }

        return header.Epoch == _joining ? EpochVerdict.Same : EpochVerdict.Stale;
    }
}
