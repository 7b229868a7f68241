using Hearsay.Identity;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Tests.Identity;

public sealed class IdentityStoreTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    [Fact]
    public void The_id_stays_and_the_incarnation_rises_even_if_the_clock_goes_back()
    {
        using var directory = new TemporaryDirectory();
        var starts = new List<NodeIdentity>();
        foreach (var clock in new[] { Now, Now, Now.AddHours(-1), Now.AddHours(1) })
        {
            using var store = IdentityStore.Open(directory.Path);
            starts.Add(store.Begin(clock));
        }

        Assert.Single(starts.Select(start => start.Id).Distinct());
        Assert.Equal([1_000_001UL, 1_000_002, 1_000_003, 4_600_000], starts.Select(start => start.Incarnation));
    }

    [Fact]
    public void A_lower_incarnation_never_replaces_a_higher_one()
    {
        using var directory = new TemporaryDirectory();
        NodeIdentity identity;
        using (var store = IdentityStore.Open(directory.Path))
        {
            identity = store.Begin(Now);
            store.Save(identity with { Incarnation = 5_000_000 });
            store.Save(identity with { Incarnation = 4_000_000 });
        }

        using var again = IdentityStore.Open(directory.Path);
        Assert.Equal(identity with { Incarnation = 5_000_001 }, again.Begin(Now));
    }

    [Theory]
    [InlineData(Descriptor.MaximumIncarnation - 2)]
    [InlineData(Descriptor.MaximumIncarnation)]
    public void An_incarnation_that_slander_drove_to_the_top_keeps_no_node_from_starting(ulong incarnation)
    {
        using var directory = new TemporaryDirectory();
        var ids = new HashSet<NodeId>();
        for (var start = 0; start < 4; start++)
        {
            using var store = IdentityStore.Open(directory.Path);
            var identity = store.Begin(Now);
            Assert.InRange(identity.Incarnation, 1_000_000UL, Descriptor.MaximumIncarnation);
            ids.Add(identity.Id);
            if (start == 0)
            {
                store.Save(identity with { Incarnation = incarnation });
            }
        }

        Assert.Equal(2, ids.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"id":"xyz","incarnation":1}""")]
    [InlineData("""{"id":null,"incarnation":1}""")]
    [InlineData("""{"id":"00000000000000000000000000000000","incarnation":1}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef","incarnation":-1}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef","incarnation":18446744073709551615}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef","incarnation":"1"}""")]
    public void A_damaged_file_is_named_with_the_way_out(string content)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "node.json");
        File.WriteAllText(path, content);
        using var store = IdentityStore.Open(directory.Path);

        var failure = Assert.Throws<IOException>(() => store.Begin(Now));

        Assert.Contains($"'{path}' is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void A_store_that_is_closed_writes_no_more()
    {
        using var directory = new TemporaryDirectory();
        var store = IdentityStore.Open(directory.Path);
        var identity = store.Begin(Now);
        store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => store.Save(identity with { Incarnation = 9_000_000 }));
    }

    [Fact]
    public void A_directory_in_use_and_one_that_cannot_be_written_are_told_apart()
    {
        using var directory = new TemporaryDirectory();
        using (IdentityStore.Open(directory.Path))
        {
            var held = Assert.Throws<IOException>(() => IdentityStore.Open(directory.Path));
            Assert.Contains("is in use by another node", held.Message, StringComparison.Ordinal);
        }

        File.Delete(System.IO.Path.Combine(directory.Path, "node.lock"));
        Directory.CreateDirectory(System.IO.Path.Combine(directory.Path, "node.lock"));
        var unusable = Assert.Throws<IOException>(() => IdentityStore.Open(directory.Path));
        Assert.Contains("cannot be written", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_place_of_the_directory_is_an_error_that_names_it()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "file");
        File.WriteAllText(path, "");

        var failure = Assert.Throws<IOException>(() => IdentityStore.Open(path));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }
}
