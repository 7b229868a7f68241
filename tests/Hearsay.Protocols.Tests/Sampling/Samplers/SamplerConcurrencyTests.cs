using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>One thread publishes as fast as it can, others read.</summary>
public class SamplerConcurrencyTests
{
    private const int Publications = 200_000;

    private BusyWriter _writer = new(30);

    /// <summary>With one entry all threads are after the same; with 30 their draws overlap with writes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Threads_that_share_a_sampler_get_whole_peers_and_no_entry_twice(int capacity)
    {
        _writer = new BusyWriter(capacity);
        using var sampler = new PeerSampler(_writer.View, SamplingPolicy.UniformWithoutReplacement, 1);
        var fresh = Enumerable.Range(0, 4).Select(_ => new List<(uint Number, ulong Life)>(2_000_000)).ToArray();
        var draws = new long[4];
        Run(4, reader =>
        {
            Assert.True(sampler.TryGetPeer(out var peer, out var origin));
            Assert.True(BusyWriter.IsWhole(peer));
            draws[reader]++;
            if (origin == SampleOrigin.Fresh)
            {
                fresh[reader].Add((TestView.NumberOf(peer), BusyWriter.LifeOf(peer)));
            }
        }, enough: () => fresh.Sum(list => list.Count) >= 1_000);

        var given = fresh.SelectMany(list => list).ToArray();
        Assert.Equal(given.Length, given.Distinct().Count());
        Assert.InRange(given.Length, 1_000, _writer.View.Published.Issued);
        Assert.Equal((draws.Sum(), draws.Sum() - given.Length), (sampler.Totals.Draws, sampler.Totals.Fallbacks));
    }

    [Fact]
    public void Several_peers_and_copies_are_of_one_view()
    {
        using var shared = new PeerSampler(_writer.View, SamplingPolicy.UniformWithoutReplacement, 1);
        var buffers = Enumerable.Range(0, 4).Select(_ => new Peer[30]).ToArray();
        Run(4, reader =>
        {
            var peers = buffers[reader].AsSpan();
            var count = reader == 0 ? _writer.View.CopyTo(peers) : shared.GetPeers(peers[..(10 * reader)]);
            peers = peers[..count];
            Assert.Equal(reader == 0 ? 30 : 10 * reader, count);
            foreach (ref readonly var peer in peers)
            {
                Assert.True(BusyWriter.IsWhole(peer));
                Assert.Equal(peers[0].AgeCycles, peer.AgeCycles);
            }

            Assert.True(AreDistinct(peers));
        });
    }

    [Theory]
    [InlineData(SamplingPolicy.UniformWithReplacement)]
    [InlineData(SamplingPolicy.Head)]
    [InlineData(SamplingPolicy.Tail)]
    public void Draws_of_the_other_policies_are_whole(SamplingPolicy policy)
    {
        using var sampler = new PeerSampler(_writer.View, policy, 1);
        Run(2, _ =>
        {
            Assert.True(sampler.TryGetPeer(out var peer));
            Assert.True(BusyWriter.IsWhole(peer));
            Assert.NotNull(sampler.Quality);
        });
    }

    [Fact]
    public void Weights_are_asked_for_whole_peers_only_and_no_entry_is_given_twice()
    {
        var torn = 0;
        var weight = Weight.Of(peer =>
        {
            torn += BusyWriter.IsWhole(peer) ? 0 : 1;
            return TestView.NumberOf(peer) % 2;
        });
        using var sampler = new PeerSampler(
            _writer.View, SamplingPolicy.UniformWithoutReplacement, 1, weight: weight);
        var fresh = Enumerable.Range(0, 4).Select(_ => new List<(uint Number, ulong Life)>()).ToArray();
        Run(4, reader =>
        {
            if (sampler.TryGetPeer(out var peer, out var origin) && origin == SampleOrigin.Fresh)
            {
                Assert.True(BusyWriter.IsWhole(peer) && TestView.NumberOf(peer) % 2 == 1);
                fresh[reader].Add((TestView.NumberOf(peer), BusyWriter.LifeOf(peer)));
            }
        }, enough: () => fresh.Sum(list => list.Count) >= 1_000);

        var given = fresh.SelectMany(list => list).ToArray();
        Assert.Equal((0, given.Length), (torn, given.Distinct().Count()));
    }

    /// <summary>
    /// Publishes while readers do their part over and over; on a machine too busy to run them side by side it goes on
    /// until they have had their share.
    /// </summary>
    private void Run(int readers, Action<int> read, Func<bool>? enough = null)
    {
        var running = true;
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, readers).Select(reader => new Thread(() =>
        {
            try
            {
                while (Volatile.Read(ref running))
                {
                    read(reader);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        for (var i = 0; i < Publications || (i < 100 * Publications && enough?.Invoke() == false); i++)
        {
            _writer.PublishNext();
            if (i >= Publications)
            {
                Thread.Yield();
            }
        }

        Volatile.Write(ref running, false);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Empty(failures);
    }

    private static bool AreDistinct(ReadOnlySpan<Peer> peers)
    {
        for (var i = 1; i < peers.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (peers[i].Id == peers[j].Id)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
