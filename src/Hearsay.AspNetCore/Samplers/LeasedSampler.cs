using Hearsay.AspNetCore.Peers;

namespace Hearsay.AspNetCore.Samplers;

/// <summary>A caller's sampler, which ends when it was not used for as long as its lease.</summary>
internal sealed class LeasedSampler(string name, IPeerSampler sampler, TimeSpan lease, TimeProvider time)
{
    private long _used = time.GetTimestamp();

    /// <summary>Of the caller's choice.</summary>
    public string Name => name;

    /// <summary>The sampler.</summary>
    public IPeerSampler Sampler => sampler;

    /// <summary>How long it is kept unused.</summary>
    public TimeSpan Lease { get; set; } = lease;

    /// <summary>Whether it was not used for as long as its lease.</summary>
    public bool IsOver => time.GetElapsedTime(Volatile.Read(ref _used)) > Lease;

    /// <summary>It was used.</summary>
    public void Renew() => Volatile.Write(ref _used, time.GetTimestamp());

    /// <summary>What callers are told of it.</summary>
    public SamplerItem ToItem()
    {
        var quality = sampler.Quality;
        return new SamplerItem(
            name, PolicyName.Of(sampler.Policy), (int)Lease.TotalSeconds, quality.Draws, quality.Fallbacks,
            quality.FallbackShare, quality.MeanAgeCycles, quality.DrawsPerCycle, quality.NewEntriesPerCycle,
            quality.IsFreshEnough);
    }
}
