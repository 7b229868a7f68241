using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.View;

/// <summary>
/// A view that a test changes by hand. Everything in a peer follows from its number, incarnation and age.
/// </summary>
internal sealed class TestView(int capacity) : IPeerSource
{
    private readonly Dictionary<uint, ulong> _incarnations = [];

    public ViewPublisher Publisher { get; } = new(capacity);

    public List<(uint Number, ushort Age)> Entries { get; } = [];

    public long Cycle { get; set; }

    public static TestView Of(int capacity, params ReadOnlySpan<uint> numbers)
    {
        var view = new TestView(capacity);
        foreach (var number in numbers)
        {
            view.Entries.Add((number, 0));
        }

        return view.Publish();
    }

    public static TestView Full(int capacity)
    {
        var view = new TestView(capacity);
        for (uint number = 0; number < capacity; number++)
        {
            view.Entries.Add((number, 0));
        }

        return view.Publish();
    }

    public static uint NumberOf(in Peer peer) => (uint)peer.Id.High;

    public static Peer Make(uint number, ulong incarnation, ushort age) => new(
        new NodeId(number, SeededRandom.Mix(number + 1)),
        new NodeAddresses(NodeAddress.FromIPv4((uint)SeededRandom.Mix(number ^ incarnation), 7946)),
        incarnation,
        age,
        null);

    public static bool IsWhole(in Peer peer) =>
        peer == Make(NumberOf(peer), peer.Incarnation, peer.AgeCycles);

    public void Update(uint number) => _incarnations[number] = _incarnations.GetValueOrDefault(number) + 1;

    public TestView Publish()
    {
        Publisher.Publish(
            Entries.Select(entry => entry.Number).ToArray(), Entries.Select(entry => entry.Age).ToArray(), this, Cycle);
        return this;
    }

    public Peer Describe(uint handle, ushort age) => Make(handle, _incarnations.GetValueOrDefault(handle), age);

    public uint[] Numbers() => Publisher.Copy().Select(peer => NumberOf(peer)).ToArray();
}
