namespace Hearsay.Protocols.Sampling;

/// <summary>
/// The bounds of single options of <see cref="PeerSamplingOptions"/>. Those that depend on other options are in
/// <see cref="PeerSamplingValidation"/>.
/// </summary>
internal static class SamplingLimits
{
    public const int LeastViewSize = 4;

    public const int LeastShuffleLength = 2;

    public const double MostJitter = 0.5;

    public const int MostQuarantineAfter = 16;

    public const int MostQuarantineCycles = 10_000;

    public const int MostRecontactCycles = 100_000;

    public const int MostTableCapacity = ushort.MaxValue;

    public static TimeSpan ShortestCycle => TimeSpan.FromMilliseconds(10);

    public static TimeSpan LongestCycle => TimeSpan.FromHours(1);

    public static TimeSpan ShortestTimeout => TimeSpan.FromMilliseconds(1);
}
