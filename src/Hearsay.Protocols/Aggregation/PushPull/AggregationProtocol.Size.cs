using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>How many nodes there are.</summary>
internal sealed partial class AggregationProtocol
{
    /// <summary>
    /// A node that exchanged too little in an epoch, because it came late or slept, knows a size that nobody else does:
    /// it stands for the network's if the last eight exchanges moved it by less than this share.
    /// </summary>
    private const double MostDisagreement = 0.05;

    private readonly NetworkSizes _sizes = new();
    private readonly SizeHearsay _sizesHeard = new();

    private int _peersInView;

    /// <summary>A partner that was asked, or that refused, says how many nodes there are.</summary>
    private void HearSize(NodeId from, NetworkSizeEstimate size)
    {
        if (_sizes.HasWhole)
        {
            return;
        }

        _sizesHeard.Add(from, size);
        if (_sizesHeard.Count >= Witnesses(_context))
        {
            _sizes.Hear(_sizesHeard.Middle);
        }
    }

    /// <summary>
    /// Until there was a whole epoch: what the present one says, once this node agrees with those it meets. Where not
    /// all came in time for it the peers in view tell of more.
    /// </summary>
    private void MeasureSizeUnderWay()
    {
        if (_sizes.HasWhole)
        {
            return;
        }

        var size = NetworkSizeEstimate.None;
        if (_clock.Phase == EpochPhase.Running && !IsAlone)
        {
            var measured = Measured();
            if (Agrees(measured))
            {
                var least = 1.0 + _peersInView;
                size = measured.Size >= least ? measured
                    : measured with { Size = least, Error = Math.Max(measured.Error, least - measured.Size) };
            }
        }

        _sizes.Look(size);
    }

    private void KeepSize(IProtocolContext context)
    {
        var measured = Measured();
        if (!double.IsFinite(measured.Size))
        {
            // Without a leader there is no estimate; the last one stands, and shows its age.
            return;
        }

        if (double.IsFinite(measured.Error) && IsOfTheNetwork(context, measured))
        {
            _sizes.Keep(
                measured.Size, measured.Error, _clock.Epoch, context.Now + -_clock.Elapsed(context.Now));
        }
        else
        {
            Counters.SizesNotKept++;
        }
    }

    /// <summary>
    /// Who never got into the network it was told of is alone, but no network; who is in it must have agreed with it.
    /// </summary>
    private bool IsOfTheNetwork(IProtocolContext context, NetworkSizeEstimate measured)
    {
        return IsAlone ? !context.IsJoining : Agrees(measured);
    }

    private bool Agrees(NetworkSizeEstimate measured) =>
        double.IsFinite(measured.Error) && _leaderDisagreement.CautiousError <= MostDisagreement * measured.Size;

    private NetworkSizeEstimate Measured()
    {
        var (size, spread) = _leaders.Estimate();
        var apart = IsAlone ? 0 : _leaderDisagreement.Error;
        // One leader alone says nothing of its own spread.
        var error = _leaders.Count == 1 ? apart : Together(spread, apart);
        return new NetworkSizeEstimate(size, error, IsWhole: false);
    }
}
