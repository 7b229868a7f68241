using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <summary>
/// Decides when to send: one token per period, one token per message. Never more than one message per period in the
/// long run, never more than C in a burst, and the balance never below 0. Source: Danner, Jelasity, ICDCS 2018.
/// </summary>
internal sealed class TokenAccount(LearningOptions options)
{
    private readonly int _reserve = options.TokenReserve;
    private readonly int _capacity = options.TokenCapacity;

    /// <summary>The tokens there are.</summary>
    public int Balance { get; private set; } = options.Tokens == TokenPolicy.None ? 0 : options.TokenPreload;

    /// <summary>A period begins. Returns whether to send a message, which is paid for.</summary>
    public bool OnPeriod(ref SeededRandom random)
    {
        if (options.Tokens == TokenPolicy.None)
        {
            return true;
        }

        Balance++;
        var sends = options.Tokens == TokenPolicy.Randomised
            ? random.NextDouble() * (_capacity + 1 - _reserve) < Balance - _reserve
            : Balance > _capacity;
        Balance -= sends ? 1 : 0;
        return sends;
    }

    /// <summary>A model arrived. Returns how many messages to send at once, which are paid for.</summary>
    public int OnModel(bool isUseful, ref SeededRandom random)
    {
        if (options.Tokens == TokenPolicy.None)
        {
            return 0;
        }

        double wish = options.Tokens switch
        {
            TokenPolicy.Simple => Balance > 0 ? 1 : 0,
            TokenPolicy.Generalised => Math.Floor((_reserve - 1.0 + Balance) / (isUseful ? _reserve : 2 * _reserve)),
            _ => isUseful ? (double)Balance / _reserve : 0,
        };
        var sends = Math.Min(Balance, (int)Math.Floor(random.NextDouble() + wish));
        Balance -= sends;
        return sends;
    }
}
