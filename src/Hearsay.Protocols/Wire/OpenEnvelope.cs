namespace Hearsay.Protocols.Wire;

/// <summary>The envelope of mode open: a label and a checksum, against mistakes and not against attackers.</summary>
/// <param name="label">The label of the cluster.</param>
internal sealed class OpenEnvelope(ulong label) : NodeEnvelope
{
    /// <inheritdoc/>
    public override int HeadBytes => Envelope.SizeBytes;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Seal(Span<byte> packet, in Link to, NodeId sender, Instant now)
    {
        Envelope.Seal(packet, label, sender);
        return packet;
    }

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> packet,
        in Link from,
        NodeId self,
        Instant now,
        out OpenedPacket opened,
        out DropReason refused)
    {
        opened = Envelope.TryOpen(packet, label, out var sender, out refused)
            ? new OpenedPacket(sender, packet[Envelope.SizeBytes..])
            : default;
        return refused == DropReason.None;
    }
}
