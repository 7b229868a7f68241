using CsCheck;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Peers;

public sealed class PeerTableTests
{
    private sealed record Known(uint Handle, ulong Incarnation, NodeAddresses Addresses, byte[]? Metadata)
    {
        public int Pins { get; set; }
    }

    [Fact]
    public void It_agrees_with_a_dictionary_whatever_is_learnt_and_pinned() =>
        Gen.Select(Gen.Int[1, 150], Gen.ULong, Gen.Select(Gen.Int[0, 6], Gen.Int[1, 300], Gen.Int[0, 4]).Array[50,
            1500])
            .Sample((capacity, key, steps) => Replay(new PeerTable(capacity, key), steps), iter: 15);

    [Fact]
    public void A_table_of_the_largest_size_finds_everybody_and_nobody_else()
    {
        var table = new PeerTable(ushort.MaxValue, 11);
        static NodeId IdOf(int number) => new(7, (ulong)number);
        var addresses = new NodeAddresses(VirtualNetwork.AddressOf(1));
        for (var i = 0; i < ushort.MaxValue; i++)
        {
            table.Learn(new Descriptor(IdOf(i), 1, 0, addresses, MetadataPresence.None, default), out var handle);
            table.Pin(handle);
        }

        Assert.Equal(ushort.MaxValue, table.Count);
        for (var i = 0; i < ushort.MaxValue; i++)
        {
            Assert.True(table.TryFind(IdOf(i), out var handle) && table[handle].Id == IdOf(i));
            Assert.False(table.TryFind(IdOf(i + ushort.MaxValue), out _));
        }
    }

    private static void Replay(PeerTable table, (int What, int Id, int Detail)[] steps)
    {
        var model = new Dictionary<NodeId, Known>();
        var everyHandle = new Dictionary<uint, NodeId>();
        foreach (var (what, number, detail) in steps)
        {
            var id = new NodeId(0, (ulong)number);
            if (what <= 3)
            {
                Learn(table, model, everyHandle, id, detail);
            }
            else if (model.TryGetValue(id, out var known) && table.TryFind(id, out _))
            {
                if (what <= 5)
                {
                    table.Pin(known.Handle);
                    known.Pins++;
                }
                else if (known.Pins > 0)
                {
                    table.Unpin(known.Handle);
                    known.Pins--;
                }
            }

            Agree(table, model, everyHandle);
        }
    }

    private static void Learn(
        PeerTable table, Dictionary<NodeId, Known> model, Dictionary<uint, NodeId> everyHandle, NodeId id, int detail)
    {
        var incarnation = (ulong)(detail / 2);
        var presence = detail % 2 == 0 ? MetadataPresence.Omitted : MetadataPresence.Included;
        byte[] metadata = presence == MetadataPresence.Included ? [(byte)id.Low, (byte)incarnation] : [];
        var addresses = new NodeAddresses(NodeAddress.FromIPv4(0x0A000000u + (uint)id.Low, (ushort)(1 + detail)));
        var known = table.TryFind(id, out _) ? model[id] : null;
        var news = table.Learn(new Descriptor(id, incarnation, 0, addresses, presence, metadata), out var handle);
        var told = presence == MetadataPresence.Included ? metadata : null;
        if (known is null)
        {
            if (news == PeerNews.NoRoom)
            {
                Assert.Equal(PeerTable.NoHandle, handle);
                Assert.Equal(table.Capacity, model.Values.Count(k => k.Pins > 0));
                return;
            }

            Assert.Equal(PeerNews.New, news);
            model[id] = new Known(handle, incarnation, addresses, told);
            Assert.True(everyHandle.TryAdd(handle, id), "A handle was given twice.");
            return;
        }

        Assert.Equal(known.Handle, handle);
        var expected = incarnation > known.Incarnation ? PeerNews.Newer
            : incarnation < known.Incarnation ? PeerNews.Stale
            : known.Metadata is null && told is not null ? PeerNews.Completed
            : PeerNews.Same;
        Assert.Equal(expected, news);
        if (news is PeerNews.Newer)
        {
            model[id] = new Known(handle, incarnation, addresses, told) { Pins = known.Pins };
        }
        else if (news is PeerNews.Completed)
        {
            model[id] = known with { Metadata = told };
            model[id].Pins = known.Pins;
        }
    }

    private static void Agree(
        PeerTable table, Dictionary<NodeId, Known> model, Dictionary<uint, NodeId> everyHandle)
    {
        Assert.True(table.Count <= table.Capacity);
        foreach (var (id, known) in model.ToArray())
        {
            if (!table.TryFind(id, out var handle))
            {
                Assert.Equal(0, known.Pins);
                Assert.Throws<ArgumentException>(() => table[known.Handle]);
                model.Remove(id);
                continue;
            }

            Assert.Equal(known.Handle, handle);
            Assert.Equal(id, everyHandle[handle]);
            var info = table[handle];
            Assert.Equal((id, known.Incarnation, known.Addresses), (info.Id, info.Incarnation, info.Addresses));
            Assert.Equal(known.Metadata, info.Metadata);
            Assert.Equal(known.Pins, table.PinsOf(handle));
            Assert.Equal(Descriptor.SizeBytes(known.Addresses, 0), table.DescriptorBytesOf(handle));
            Assert.Equal(known.Metadata?.Length ?? 0, table.MetadataBytesOf(handle));
        }

        Assert.Equal(table.Count, model.Count);
    }

    [Fact]
    public void A_tie_keeps_the_address_and_a_higher_incarnation_replaces_it()
    {
        var table = new PeerTable(4, 1);
        Learn(table, 1, 5, port: 1);
        Assert.Equal(PeerNews.Same, Learn(table, 1, 5, port: 2));
        Assert.Equal(1, PortOf(table, 1));
        Assert.Equal(PeerNews.Stale, Learn(table, 1, 4, port: 3));
        Assert.Equal(1, PortOf(table, 1));
        Assert.Equal(PeerNews.Newer, Learn(table, 1, 6, port: 4));
        Assert.Equal(4, PortOf(table, 1));
    }

    [Fact]
    public void Fetched_metadata_completes_only_the_incarnation_it_belongs_to()
    {
        var table = new PeerTable(4, 1);
        table.Learn(
            new Descriptor(new NodeId(0, 1), 5, 0, Addresses(1), MetadataPresence.Omitted, default), out var handle);
        Assert.Null(table[handle].Metadata);
        Assert.False(table.Complete(new NodeId(0, 1), 6, [1]));
        Assert.False(table.Complete(new NodeId(0, 2), 5, [1]));
        Assert.True(table.Complete(new NodeId(0, 1), 5, [1]));
        Assert.False(table.Complete(new NodeId(0, 1), 5, [2]));
        Assert.Equal([1], table[handle].Metadata!);
    }

    [Fact]
    public void That_a_peer_has_no_metadata_counts_from_itself_and_from_nobody_else()
    {
        var table = new PeerTable(4, 1);
        PeerNews Tell(MetadataPresence presence, bool isOwners) => table.Learn(
            new Descriptor(new NodeId(0, 1), 5, 0, Addresses(1), presence, default), out _, isOwners);

        Assert.Equal(PeerNews.New, Tell(MetadataPresence.Omitted, isOwners: false));
        Assert.True(table.TryFind(new NodeId(0, 1), out var handle));
        Assert.Equal(PeerNews.Same, Tell(MetadataPresence.None, isOwners: false));
        Assert.Null(table[handle].Metadata);
        Assert.Equal(PeerNews.Completed, Tell(MetadataPresence.None, isOwners: true));
        Assert.Equal([], table[handle].Metadata!);
        Assert.Equal(PeerNews.Same, Tell(MetadataPresence.None, isOwners: true));
    }

    [Fact]
    public void A_table_full_of_pinned_peers_takes_nobody_and_forgets_nobody()
    {
        var table = new PeerTable(70, 1);
        for (var i = 1; i <= 70; i++)
        {
            Learn(table, i, 1, port: 1);
            table.TryFind(new NodeId(0, (ulong)i), out var handle);
            table.Pin(handle);
        }

        Assert.Equal(PeerNews.NoRoom, Learn(table, 71, 1, port: 1));
        table.TryFind(new NodeId(0, 33), out var freed);
        table.Unpin(freed);
        Assert.Equal(PeerNews.New, Learn(table, 71, 1, port: 1));
        Assert.Throws<ArgumentException>(() => table[freed]);
        Assert.False(table.TryFind(new NodeId(0, 33), out _));
    }

    [Fact]
    public void Neither_the_handle_of_the_node_itself_nor_that_of_nobody_is_ever_given()
    {
        var table = new PeerTable(1, 1);
        for (var i = 1; i < 200_000; i++)
        {
            Assert.Equal(PeerNews.New, Learn(table, i, 1, port: 1));
            Assert.True(table.TryFind(new NodeId(0, (ulong)i), out var handle));
            Assert.NotEqual(PeerTable.NoHandle, handle);
            Assert.NotEqual(PeerTable.SelfHandle, handle);
        }
    }

    private static NodeAddresses Addresses(int port) => new(NodeAddress.FromIPv4(0x0A000001, (ushort)port));

    private static PeerNews Learn(PeerTable table, int id, ulong incarnation, int port) => table.Learn(
        new Descriptor(new NodeId(0, (ulong)id), incarnation, 0, Addresses(port), MetadataPresence.None, default),
        out _);

    private static int PortOf(PeerTable table, int id)
    {
        Assert.True(table.TryFind(new NodeId(0, (ulong)id), out var handle));
        return table[handle].Addresses.Primary.Port;
    }
}
