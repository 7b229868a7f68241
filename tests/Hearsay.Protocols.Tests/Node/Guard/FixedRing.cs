using Hearsay.Protocols.Security;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>A ring that differs from those of half of the nodes and never changes: rings are always sent.</summary>
internal sealed class FixedRing(int node) : SignedKeyring
{
    public override RecordKey[] Keys { get; } = [];

    public override ulong Digest { get; } = (ulong)(node % 2);

    public override int Write(Span<byte> body)
    {
        body[..MaximumBytes].Fill(7);
        return MaximumBytes;
    }

    public override KeyringMerge Merge(ReadOnlySpan<byte> body) =>
        new(IsRefused: body.Length < MaximumBytes, HasNews: false, SenderLacks: body.Length > MaximumBytes);

    public override bool Expire() => false;
}
