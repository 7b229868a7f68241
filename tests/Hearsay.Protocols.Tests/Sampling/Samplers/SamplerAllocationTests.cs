using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

public class SamplerAllocationTests
{
    private const int Times = 10_000;

    private readonly uint[] _handles = Enumerable.Range(0, 30).Select(number => (uint)number).ToArray();
    private readonly ushort[] _ages = new ushort[30];
    private readonly ViewPublisher _view = new(30);
    private readonly Peer[] _peers = new Peer[7];

    [Fact]
    public void Publishing_allocates_nothing() => AssertNothingAllocated(Publish);

    [Fact]
    public void Publishing_to_an_observer_allocates_nothing()
    {
        _view.Observer = new Silent();
        AssertNothingAllocated(Publish);
    }

    [Theory]
    [InlineData(SamplingPolicy.UniformWithoutReplacement)]
    [InlineData(SamplingPolicy.UniformWithReplacement)]
    [InlineData(SamplingPolicy.Head)]
    [InlineData(SamplingPolicy.Tail)]
    public void Drawing_allocates_nothing(SamplingPolicy policy)
    {
        using var sampler = new PeerSampler(_view, policy, 1);
        AssertNothingAllocated(cycle =>
        {
            Publish(cycle);
            sampler.TryGetPeer(out _);
            sampler.TryGetPeer(out _);
            sampler.GetPeers(_peers.AsSpan());
        });
    }

    [Theory]
    [InlineData(SamplingPolicy.UniformWithoutReplacement)]
    [InlineData(SamplingPolicy.Tail)]
    public void Drawing_by_the_weights_of_the_application_allocates_nothing(SamplingPolicy policy)
    {
        using var sampler = new PeerSampler(
            _view, policy, 1, weight: Weight.Of(static peer => peer.Id.High % 3));
        AssertNothingAllocated(cycle =>
        {
            Publish(cycle);
            sampler.TryGetPeer(out _);
            sampler.GetPeers(_peers.AsSpan());
        });
    }

    [Fact]
    public void Copying_into_a_buffer_allocates_nothing() =>
        AssertNothingAllocated(_ => _view.CopyTo(_peers));

    private static void AssertNothingAllocated(Action<int> action)
    {
        for (var i = 0; i < 100; i++)
        {
            action(i);
        }

        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 100; i < Times + 100; i++)
            {
                action(i);
            }
        }));
    }

    private void Publish(int cycle)
    {
        _handles[cycle % 30] += 30;
        _ages[cycle % 7]++;
        _view.Publish(_handles, _ages, default(Source), cycle);
    }

    private readonly struct Source : IPeerSource
    {
        public Peer Describe(uint handle, ushort age) => TestView.Make(handle, age, age);
    }

    private sealed class Silent : IViewObserver
    {
        public void OnChange(in ViewChange change)
        {
        }
    }
}
