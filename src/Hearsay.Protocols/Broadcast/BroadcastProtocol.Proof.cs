using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// It is verified before the node stores it, learns from it, delivers it or passes it on. So what a member forges
/// gets no further than to its neighbours, and takes nobody's place: not in the store, and not in the sequence of the
/// publisher. Nobody who follows the protocol passes on what does not verify. So who does is shunned: a flood of bad
/// signatures costs a node one verification a minute for each member that sends them.
/// </remarks>
/// <content>Who published a message, in mode identity: that is signed, and the proof goes with it.</content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>
    /// The most messages a second of one neighbour that are verified, good or bad: half of a core. To sign takes a
    /// third of the time, so a member that publishes as fast as it can would keep all nodes busy.
    /// </summary>
    private const int SignedPerSecond = 10_000;

    /// <summary>Null but in mode identity.</summary>
    private OriginProofs? _proofs;

    /// <summary>Who sent the frame being handled; in mode identity it has proven that it is who it says.</summary>
    private NodeId _sender;

    internal OriginProofs? Proofs => _proofs;

    /// <summary>The most new messages a second that are taken from one neighbour.</summary>
    private int MostPerSecond => _proofs is null
        ? _options.MessagesPerSecond : Math.Min(_options.MessagesPerSecond, SignedPerSecond);

    /// <summary>Whether a message that would be new was published by whom it names. The last of all checks.</summary>
    private bool IsProven(in MessageFrame frame)
    {
        if (_proofs is null)
        {
            return true;
        }

        if (_neighbours.IsShunned(_sender))
        {
            Counters.FromShunned++;
            return false;
        }

        switch (Check(_proofs, frame))
        {
            case OriginVerdict.Proven:
                return true;
            case OriginVerdict.NotAdmitted:
                Counters.NotAdmitted++;
                return false;
            case OriginVerdict.TooOld:
                Counters.SignedLongAgo++;
                return false;
            default:
                Counters.BadSignatures++;
                if (!_sender.IsNone)
                {
                    _neighbours.Shun(_sender);
                }

                return false;
        }
    }

    private OriginVerdict Check(OriginProofs proofs, in MessageFrame frame) => frame.IsSigned
        ? proofs.Check(
            MessageFrame.Purpose, frame.Unchanging, frame.Source.Origin, frame.Proof, _options.Retention, Now)
        : OriginVerdict.Forged;
}
