using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>
/// Publishes views in which peers leave, come back and are updated all the time. A peer tells by its incarnation how
/// often it entered, which is what its stamp stands for, and its age; all peers of one view have one age.
/// </summary>
internal sealed class BusyWriter : IPeerSource
{
    private readonly uint[] _handles;
    private readonly ushort[] _ages;
    private readonly ulong[] _lives;
    private readonly Queue<uint> _outside = new();
    private SeededRandom _random = new(1);
    private int _round;

    public BusyWriter(int capacity)
    {
        View = new ViewPublisher(capacity);
        _handles = Enumerable.Range(0, capacity).Select(number => (uint)number).ToArray();
        _ages = new ushort[capacity];
        _lives = new ulong[2 * capacity];
        for (var number = capacity; number < 2 * capacity; number++)
        {
            _outside.Enqueue((uint)number);
        }

        PublishNext();
    }

    public ViewPublisher View { get; }

    public static ulong LifeOf(in Peer peer) => peer.Incarnation >> 32;

    /// <summary>Whether no part of a peer is of another moment or another peer than the rest.</summary>
    public static bool IsWhole(in Peer peer) => TestView.IsWhole(peer) && (ushort)peer.Incarnation == peer.AgeCycles;

    public void PublishNext()
    {
        _round++;
        for (var changes = _random.Below(4); changes > 0; changes--)
        {
            ref var handle = ref _handles[_random.Below(_handles.Length)];
            _outside.Enqueue(handle);
            handle = _outside.Dequeue();
            _lives[handle]++;
        }

        _ages.AsSpan().Fill((ushort)_round);
        View.Publish(_handles, _ages, this, _round / 10);
    }

    public Peer Describe(uint handle, ushort age) =>
        TestView.Make(handle, (_lives[handle] << 32) | (ushort)_round, age);
}
