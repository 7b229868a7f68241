using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Tests.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Aggregation.Definitions;

/// <summary>
/// Definitions of mode identity: who says that an aggregate is used has signed that. Node 1 uses one, node 3 is a
/// member that forges, and the others pass on what they are told.
/// </summary>
public sealed class SignedDefinitionTests
{
    private const int User = 1;
    private const int Reader = 2;
    private const int Liar = 3;
    private const int Relay = 4;

    private static readonly AggregateDefinition s_load = new("load", AggregateKind.Average);
    private static readonly ulong s_id = AggregateDefinitionCodec.IdOf(s_load);

    [Fact]
    public void A_definition_reaches_all_with_the_proof_of_its_user_and_all_have_it_verified()
    {
        var net = Net(isSigned: true);
        Define(net[0]);
        Run(net, 60);
        foreach (var node in net)
        {
            var slot = TableOf(node).Find(s_id);
            Assert.NotNull(slot);
            Assert.Equal(SignedContext.PeerOf(User).Id, OriginProof.AuthorOf(slot.Proof));
            Assert.Equal(0, Refused(node));
        }
    }

    [Fact]
    public void In_the_other_modes_a_definition_is_what_it_was_and_needs_no_proof()
    {
        var net = Net(isSigned: false);
        Define(net[0]);
        Run(net, 60);
        Assert.All(net, static node => Assert.Empty(TableOf(node).Find(s_id)!.Proof));

        // The control of what follows: whoever is asked may say what it likes.
        var open = Asking(isSigned: false, out var question);
        open.Receive(Liar, AggregationMessage.Information, Information(question, []));
        Assert.NotNull(TableOf(open).Find(s_id));
    }

    [Fact]
    public void What_is_not_signed_or_signed_by_another_than_it_says_is_refused_and_not_learned()
    {
        byte[][] forgeries =
        [
            [],
            new byte[OriginProof.FixedBytes],
            ProofBy(User, new AggregateDefinition("other", AggregateKind.Average)),
            [.. ProofBy(Liar)[..72], .. ProofBy(User)[72..]],
        ];
        foreach (var forged in forgeries)
        {
            var reader = Asking(isSigned: true, out var question);
            reader.Receive(Liar, AggregationMessage.Information, Information(question, forged));
            Assert.Equal(1, CountersOf(reader).Origins.BadSignatures);
            Assert.Null(TableOf(reader).Find(s_id));
            Assert.Equal(0, CountersOf(reader).Learned);
        }
    }

    [Fact]
    public void Every_member_may_define_in_its_own_name()
    {
        var reader = Asking(isSigned: true, out var question);
        reader.Receive(Liar, AggregationMessage.Information, Information(question, ProofBy(Liar)));
        var slot = TableOf(reader).Find(s_id);
        Assert.Equal(SignedContext.PeerOf(Liar).Id, OriginProof.AuthorOf(slot!.Proof));
    }

    [Fact]
    public void Every_bit_of_a_definition_and_of_its_proof_counts()
    {
        var proof = ProofBy(User);
        var (good, empty) = (Information(0, proof), Information(0, []));
        for (var bit = 8 * (empty.Length - 9); bit < 8 * good.Length; bit++)
        {
            var reader = Asking(isSigned: true, out var question);
            var body = Information(question, proof);
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            reader.Receive(Liar, AggregationMessage.Information, body);
            var counters = CountersOf(reader);
            Assert.Equal(0, counters.Learned);
            Assert.True(Refused(reader) + counters.DefinitionsRefused + counters.Malformed > 0, $"bit {bit}");
        }
    }

    [Fact]
    public void What_a_revoked_member_uses_or_somebody_used_long_ago_is_not_learned()
    {
        var reader = Asking(isSigned: true, out var question);
        var revocation = new SeededIdentities().Revoke(SignedContext.PeerOf(User).Id, SeededIdentities.Epoch + 1);
        Assert.True(reader.Security.Admission.TryRevoke(revocation.Bytes, SeededIdentities.Epoch, out _));
        reader.Receive(Relay, AggregationMessage.Information, Information(question, ProofBy(User)));
        Assert.Equal((1, 0), (CountersOf(reader).Origins.NotAdmitted, CountersOf(reader).Learned));

        reader = Asking(isSigned: true, out question, now => SeededIdentities.Epoch + (3 * 3600));
        reader.Receive(Relay, AggregationMessage.Information, Information(question, ProofBy(User)));
        Assert.Equal((1, 0), (CountersOf(reader).Origins.SignedLongAgo, CountersOf(reader).Learned));
    }

    [Fact]
    public void Who_passes_a_forgery_on_is_asked_for_nothing_for_a_minute()
    {
        var reader = Asking(isSigned: true, out var question);
        reader.Receive(Liar, AggregationMessage.Information, Information(question, new byte[OriginProof.FixedBytes]));
        Assert.Equal(1, CountersOf(reader).Origins.BadSignatures);

        // The next question is answered by the same member: what it says is not verified.
        reader.Advance(TimeSpan.FromSeconds(1));
        question = IdOf(reader.Sent.Last(static sent => sent.Type == AggregationMessage.Ask
            && sent.To == SignedContext.PeerOf(Liar).Id).Body);
        reader.Receive(Liar, AggregationMessage.Information, Information(question, ProofBy(Liar)));
        Assert.Equal((1, 1), (CountersOf(reader).Origins.BadSignatures, CountersOf(reader).Origins.FromShunned));
        Assert.Equal(0, CountersOf(reader).Learned);
    }

    [Fact]
    public void While_it_is_used_all_have_a_proof_that_is_not_old()
    {
        var net = Net(isSigned: true);
        Define(net[0]);
        for (var minute = 0; minute < 100; minute++)
        {
            Run(net, 60);
            if (minute > 2)
            {
                var now = SeededIdentities.Epoch + (60 * (minute + 1));
                Assert.All(net, node => Assert.InRange(now - TableOf(node).Find(s_id)!.SignedAt, 0, 32 * 60));
            }
        }

        // One or two verifications in half an hour, whoever they meet.
        Assert.All(net, static node => Assert.InRange(node.Proofs!.Verified, 0, 10));
        Assert.All(net, static node => Assert.Equal(0, Refused(node)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_nobody_signs_any_more_is_forgotten_whatever_a_member_says_of_its_use(bool isSigned)
    {
        var net = Net(isSigned);
        Define(net[0]);
        Run(net, 60);
        SignedContext[] left = [net[Reader - 1], net[Relay - 1]];
        for (var minute = 0; minute < 150; minute++)
        {
            // The relay says that it was used a moment ago, and never forgets it.
            var slot = TableOf(left[1]).Find(s_id)!;
            (slot.UnusedEpochs, slot.SignedAt) = (0, long.MaxValue / 2);
            Run(left, 60);
        }

        Assert.Equal(!isSigned, TableOf(left[0]).Find(s_id) is not null);
        Assert.Equal(isSigned, CountersOf(left[0]).Origins.SignedLongAgo > 0);
    }

    private static SignedContext[] Net(bool isSigned) => [.. new[] { User, Reader, Liar, Relay }.Select(
        number => new SignedContext(number, NewProtocol(), isSigned))];

    private static AggregationProtocol NewProtocol() => new(new AggregationOptions(), null, null);

    private static void Define(SignedContext node) => node.Command(new AggregationCommand.Define(s_load));

    /// <summary>All that is sent arrives at once.</summary>
    private static void Run(SignedContext[] net, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Array.ForEach(net, static node => node.Advance(TimeSpan.FromSeconds(1)));
            while (Array.Find(net, static node => node.Sent.Count > 0) is { } sender)
            {
                var number = Enumerable.Range(1, 4).First(one => SignedContext.PeerOf(one).Id == sender.Self.Id);
                var sent = sender.Sent.ToArray();
                sender.Sent.Clear();
                foreach (var (to, type, body) in sent)
                {
                    Array.Find(net, node => node.Self.Id == to)?.Receive(number, type, body);
                }
            }
        }
    }

    /// <summary>The reader, which has asked the liar for its epoch and for all definitions.</summary>
    private static SignedContext Asking(bool isSigned, out ulong question, Func<Instant, long>? wall = null)
    {
        var reader = new SignedContext(Reader, NewProtocol(), isSigned, wall: wall);
        reader.Advance(TimeSpan.FromSeconds(1));
        question = IdOf(reader.Sent.First(static sent => sent.Type == AggregationMessage.Ask
            && sent.To == SignedContext.PeerOf(Liar).Id).Body);
        return reader;
    }

    private static ulong IdOf(byte[] body) => new WireReader(body).ReadUInt64();

    /// <summary>An answer with one definition and what is said to prove it.</summary>
    private static byte[] Information(ulong question, byte[] proof)
    {
        var writer = new WireWriter(new byte[1200]);
        new AggregationHeader(question, 0, TimeSpan.Zero, 0).Write(ref writer);
        writer.WriteDouble(0);
        writer.WriteDouble(0);
        writer.WriteByte(0);
        writer.WriteByte(1);
        writer.WriteByte(0);
        var definition = Bytes(s_load);
        writer.WriteUInt16((ushort)(0x8000 | (definition.Length + proof.Length)));
        writer.WriteBytes(definition);
        writer.WriteBytes(proof);
        return writer.Written.ToArray();
    }

    private static byte[] ProofBy(int member, AggregateDefinition? definition = null)
    {
        var proofs = new OriginProofs(new SeededIdentities().Security(member));
        var proof = new byte[proofs.SizeBytes];
        proofs.Sign(AggregationMessage.DefinitionPurpose, Bytes(definition ?? s_load), proof, Instant.Zero);
        return proof;
    }

    private static byte[] Bytes(AggregateDefinition definition)
    {
        var writer = new WireWriter(new byte[AggregateDefinitionCodec.MaximumBytes]);
        AggregateDefinitionCodec.Write(ref writer, definition);
        return writer.Written.ToArray();
    }

    private static AggregationCounters CountersOf(SignedContext node) => ((AggregationProtocol)node.Protocol).Counters;

    private static AggregateTable TableOf(SignedContext node) => ((AggregationProtocol)node.Protocol).Table;

    private static long Refused(SignedContext node) => CountersOf(node).Origins is var refused
        ? refused.BadSignatures + refused.FromShunned + refused.NotAdmitted + refused.SignedLongAgo : 0;
}
