using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Security;

/// <summary>How many challenges a source gets: what is limited by source is nothing else, since sources are forged.
/// </summary>
internal sealed class ChallengePace(ulong secret)
{
    /// <summary>Challenges to one source (or to those that share its place) in a second.</summary>
    public const int PerSecond = 64;

    private const int Places = 256;

    private readonly byte[] _taken = new byte[Places];
    private long _second = long.MinValue;

    /// <summary>Whether a source may be sent one more.</summary>
    public bool TryTake(in NodeAddress address, Instant now)
    {
        var second = now.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _second = second;
            _taken.AsSpan().Clear();
        }

        var hash = SeededRandom.Mix(SeededRandom.Mix(secret ^ address.HighBits) ^ address.LowBits ^ secret);
        ref var taken = ref _taken[(int)(hash % Places)];
        if (taken == PerSecond)
        {
            return false;
        }

        taken++;
        return true;
    }
}
