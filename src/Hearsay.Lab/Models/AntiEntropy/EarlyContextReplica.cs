using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Control: what a peer has seen is claimed at the start of an exchange, before its rows have come.</summary>
internal sealed class EarlyContextReplica(int index, Dictionary<UInt128, int> items, ModelEpochs epochs)
    : DotsReplica(index, items, epochs)
{
    /// <inheritdoc/>
    public override void Cut(object exchange)
    {
        base.Cut(exchange);
        var claims = Disk.Current.Claims;
        var context = claims.Context.Union(((ExchangeSession)exchange).Peer.Context);
        Disk.Current = Disk.Current with { Claims = claims with { Context = context } };
        Disk.Sync();
        Reopen();
    }
}
