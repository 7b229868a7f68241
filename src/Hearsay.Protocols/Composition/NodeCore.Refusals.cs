using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols;

/// <content>Packets whose envelope is not this cluster's.</content>
public sealed partial class NodeCore
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private WideningPace _tellingOfVersion = new(Hour, Hour);
    private WideningPace _tellingOfCluster = new(Hour, Hour);
    private WideningPace _tellingOfSecurity = new(Hour, Hour);

    private void Refuse(DropReason reason, in Link link, ReadOnlySpan<byte> packet)
    {
        if (reason == DropReason.None)
        {
            return;
        }

        Counters.Drop(reason);
        if (reason is DropReason.NotAuthentic or DropReason.WrongSecurity or DropReason.NotAdmitted)
        {
            if (_tellingOfSecurity.TryTake(_state.Now))
            {
                _state.Driver.Notify(new NodeNotice(NodeNoticeKind.SecurityRefused, Address: link.Address));
            }
        }
        else if (reason == DropReason.WrongVersion && _tellingOfVersion.TryTake(_state.Now))
        {
            _state.Driver.Notify(new NodeNotice(NodeNoticeKind.VersionRefused, Address: link.Address));
        }
        else if (reason == DropReason.WrongCluster)
        {
            if (_tellingOfCluster.TryTake(_state.Now))
            {
                _state.Driver.Notify(new NodeNotice(NodeNoticeKind.ClusterRefused, Address: link.Address));
            }

            _state.Guard.BeginInput(link, packet.Length, _state.Now);
            _sampling.RefuseStranger(link, packet);
            _state.EndInput(Envelope.LabelIn(packet));
        }
    }
}
