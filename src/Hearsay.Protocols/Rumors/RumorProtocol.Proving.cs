using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Rumors;

/// <content>
/// News from strangers. A rumor goes to every node, so one datagram with a forged source would make every node send.
/// News from an address that has not proven itself therefore waits until it has, which takes a round trip. The answer
/// does not wait. It says that the rumors were new.
/// </content>
internal sealed partial class RumorProtocol
{
    /// <summary>The most frames that wait for a proof, and of one address.</summary>
    private const int UnprovenCapacity = 64;

    private const int MostOfOneAddress = 16;

    /// <summary>How long they wait: a proof takes a round trip.</summary>
    private static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(1);

    private readonly HeldPackets _unproven = new(ProofTime, UnprovenCapacity, MostOfOneAddress);

    /// <inheritdoc/>
    void IProtocol.OnProven(IProtocolContext context, in NodeAddress address)
    {
        ArgumentNullException.ThrowIfNull(context);
        while (_unproven.TryTake(address, context.Now, out var body))
        {
            CatchUp(context);
            _teller = NodeId.None;
            LearnAll(context, body);
        }
    }

    private void KeepUntilProven(in NodeAddress source, ReadOnlySpan<byte> body, Instant now) =>
        Counters.Unproven += _unproven.Add(source, body, now);

    /// <summary>Learns what was news when it came, and still is. The frame was read before.</summary>
    private void LearnAll(IProtocolContext context, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var (nonce, flags, count) = (reader.ReadUInt64(), reader.ReadByte(), reader.ReadByte());
        for (var i = 0; i < count && TryReadEntry(ref reader, out var entry); i++)
        {
            if (entry.Age <= _options.MaximumAgeCycles && !_memory.TryFind(KeyOf(entry.Id), out _)
                && IsNews(context, entry))
            {
                TryLearn(context, entry, nonce, flags, out _);
            }
        }
    }
}
