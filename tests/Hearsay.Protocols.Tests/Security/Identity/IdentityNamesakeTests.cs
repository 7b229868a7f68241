using System.Buffers.Binary;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>Two nodes with the same keys, as after the copy of a disk image, and who pretends to have them.</summary>
public sealed class IdentityNamesakeTests
{
    private readonly SeededIdentities _cluster = new();
    private readonly IdentityEnd _original;
    private readonly IdentityEnd _clone;

    public IdentityNamesakeTests() =>
        (_original, _clone) = (new(_cluster.Security(1), 1), new(_cluster.Security(1, copy: 1), 2));

    [Fact]
    public void A_node_that_asks_a_seed_with_its_own_keys_gets_a_session_and_both_speak_over_it()
    {
        var question = _clone.Seal(_original, "who lives there", toAnyone: true);
        Assert.Equal(["who lives there"], IdentityEnd.Carry(_clone, _original, question));
        Assert.Equal(["I do"], IdentityEnd.Carry(_original, _clone, _original.Seal(_clone, "I do")));
        Assert.True(_original.Envelope.IsMet(_original.Id, _original.Now));
    }

    [Fact]
    public void Of_two_copies_each_gets_what_is_for_its_address()
    {
        var other = new IdentityEnd(_cluster.Security(1, copy: 2), 3);
        foreach (var clone in new[] { _clone, other })
        {
            var hello = clone.Seal(_original, "hello", toAnyone: true);
            Assert.Equal(["hello"], IdentityEnd.Carry(clone, _original, hello));
        }

        foreach (var clone in new[] { _clone, other, _clone })
        {
            Assert.Equal("refused", clone.Open(_original, _original.Seal(clone, "refused")));
        }
    }

    [Fact]
    public void What_a_node_asked_of_a_seed_that_is_itself_comes_back_once_and_opens_no_session()
    {
        var hello = _original.Seal(_original, "hello", toAnyone: true);
        Assert.Equal("hello", _original.Open(_original, hello));

        // The network doubles it: it is answered, and the answer answers nothing.
        Assert.Null(_original.Open(_original, hello));
        Assert.Empty(IdentityEnd.Carry(_original, _original, Assert.Single(_original.Own).Packet));
        Assert.Equal(DropReason.Unsolicited, _original.Last);
        Assert.Equal(0, _original.Envelope.Sessions.Count);
    }

    [Fact]
    public void Who_claims_the_key_and_sends_back_what_the_node_sends_gets_no_session()
    {
        var attacker = new IdentityEnd(_cluster.Security(9), 9);
        var hello = _original.Seal(attacker, "hello", toAnyone: true);
        Assert.Null(_original.Open(attacker, WelcomeInItsName(hello)));
        var first = Assert.Single(_original.Own).Packet;

        var heard = new List<string?> { _original.Open(attacker, first) };
        Assert.Equal(DropReason.OwnId, _original.Last);
        for (var i = 0; i < 5 && _original.Own.Count > 0; i++)
        {
            heard.Add(_original.Open(attacker, _original.Own[0].Packet));
        }

        Assert.All(heard, Assert.Null);
        Assert.Equal(0, _original.Envelope.Sessions.Count);

        // Recorded and sent back later, it opens none that is ever confirmed.
        IdentityEnd.Pass(PendingHandshakes.Longest + TimeSpan.FromSeconds(1), _original);
        _original.Open(attacker, first);
        _original.Open(attacker, Assert.Single(_original.Own).Packet);
        Assert.Equal(DropReason.Unsolicited, _original.Last);
        Assert.False(_original.Envelope.IsMet(_original.Id, _original.Now));
    }

    /// <summary>What whoever sees a hello can answer: the public key of the one that asks.</summary>
    private byte[] WelcomeInItsName(byte[] hello)
    {
        var (security, label) = (_original.Security, _original.Security.Admission.Label);
        var asked = new byte[hello.Length];
        Assert.True(SessionFormat.OpenGreeting(security, label, hello, asked) > 0);
        var welcome = new byte[SessionFormat.BodyOffset + sizeof(ulong) + IdentityCipher.KeyBytes + Cookies.SizeBytes];
        var body = welcome.AsSpan(SessionFormat.BodyOffset);
        BinaryPrimitives.WriteUInt64BigEndian(body, BinaryPrimitives.ReadUInt64BigEndian(asked.AsSpan(1)));
        security.Keys.Public.CopyTo(body[sizeof(ulong)..]);
        SessionFormat.SealGreeting(security, label, welcome, GreetingType.Welcome);
        return welcome;
    }
}
