using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

public sealed class KnownMembersTests
{
    [Fact]
    public void However_many_others_a_node_meets_it_remembers_a_bounded_number_and_who_is_met_often_stays()
    {
        var (cluster, known) = (new SeededIdentities(), new KnownMembers(secret: 9));
        var friend = MemberOf(cluster, 1);
        known.Met(friend, Lone.At(1), Instant.Zero);
        var others = Enumerable.Range(2, KnownMembers.Capacity + 500).Select(i => MemberOf(cluster, i)).ToArray();
        for (var i = 0; i < others.Length; i++)
        {
            known.Met(others[i], Lone.At(2), Instant.Zero);
            known.Met(friend, Lone.At(1), Instant.Zero);
        }

        Assert.Equal(
            KnownMembers.Capacity, others.Append(friend).Count(member => known.Find(member.Id) is not null));
        Assert.Same(friend, known.Find(friend.Id));
        Assert.Same(others[^1], known.Find(others[^1].Id));
    }

    [Fact]
    public void Who_is_met_again_is_no_change_and_another_token_is_one()
    {
        var (cluster, known) = (new SeededIdentities(), new KnownMembers(secret: 9));
        var friend = MemberOf(cluster, 1);
        known.Met(friend, Lone.At(1), Instant.Zero);
        known.Met(friend, Lone.At(2), Instant.Zero);
        Assert.Equal(1, known.Changes);
        known.Met(MemberOf(cluster, 1), Lone.At(2), Instant.Zero);
        Assert.Equal(2, known.Changes);
        known.Met(MemberOf(cluster, 2), Lone.At(1), Instant.Zero);
        Assert.Equal(3, known.Changes);
    }

    private static Member MemberOf(SeededIdentities cluster, int number)
    {
        var keys = SeededIdentities.Keys(number);
        Assert.True(AdmissionToken.TryRead(cluster.Token(keys), out var token));
        return new Member(keys.Id, token);
    }
}
