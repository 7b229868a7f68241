using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>
/// Folded epochs: there may be far more than fit a question, and as a rule both sides have the same. So a question has
/// a digest of them. If that is not the one of the other side, it answers with digests of parts, and the question is
/// put again with the folded epochs of the parts that differ.
/// </content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How often a question is put again; then the whole context comes, with the sketch.</summary>
    private const int MostFolds = 2;

    private void SendFolds(in Peer to, ulong nonce, SharedMap map, int bits)
    {
        var writer = new WireWriter(_buffer);
        writer.WriteUInt64(nonce);
        writer.WriteByte((byte)bits);
        foreach (var part in FoldDigests.PartsOf(map.Replica.Context, bits, _replicas.Digester))
        {
            writer.WriteUInt32(part);
        }

        Send(to, MapFrame.Folds, ref writer);
    }

    private void TakeFolds(in Peer from, ulong nonce, ref WireReader reader)
    {
        var bits = reader.ReadByte();
        if (reader.Failed || bits > FoldParts.MostBits || reader.Rest.Length != sizeof(uint) << bits)
        {
            Counters.Malformed++;
            return;
        }

        if (!TryFindPull(from, nonce, out var map, out var pull) || pull.Step != PullStep.Offer
            || pull.Mode != PullMode.Brief || bits != pull.Parts.Bits)
        {
            Counters.Strays++;
            return;
        }

        var theirs = new uint[1 << bits];
        for (var i = 0; i < theirs.Length; i++)
        {
            theirs[i] = reader.ReadUInt32();
        }

        pull.Parts = pull.Parts.Differing(FoldDigests.PartsOf(pull.Told, bits, _replicas.Digester), theirs);
        if (pull.FoldsDiffered++ == MostFolds)
        {
            pull.Mode = PullMode.Sketch;
        }

        GoOn(map, pull, PullStep.Offer);
    }
}
