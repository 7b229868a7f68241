namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>Another pace while the node runs.</summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>
    /// Another time between cycles from now on, and what is counted in cycles with it. The next cycle comes at a random
    /// moment of the new period: nodes that are told at the same time must not act in step.
    /// </summary>
    /// <exception cref="ArgumentException">The options would not be valid; the message lists all errors.</exception>
    public void ChangeCycleTime(TimeSpan cycleTime)
    {
        var options = _options with { CycleTime = cycleTime };
        PeerSamplingValidation.ThrowIfInvalid(options);
        _options = options;
        _roundTrip.ChangeMaximum(options.EffectiveMaximumTimeout);
        _ageingGuard.ChangeCycleTime(cycleTime);
        _quarantine.ChangeHold(cycleTime * options.QuarantineCycles);
        if (_started)
        {
            _nextCycle = _node.Now + _node.Random.Between(TimeSpan.Zero, cycleTime);
        }
    }
}
