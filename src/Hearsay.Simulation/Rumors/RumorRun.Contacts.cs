using Hearsay.Protocols.Rumors;

namespace Hearsay.Simulation;

/// <summary>What happens when one node contacts another.</summary>
public sealed partial class RumorRun
{
    /// <summary>
    /// Push-then-pull: only who misses the rumor asks, and only once it is pulled. (A live node cannot know, and asks
    /// in every cycle for whatever it misses.)
    /// </summary>
    private bool Contacts(in RumorState state) => RumorKernel.Tells(_options, state) || _options.Mode switch
    {
        RumorMode.PushThenPull => !state.Knew && Cycle >= _options.PushCycles,
        _ => RumorKernel.Asks(_options),
    };

    private void ContactAll<TPartners>(int node, TPartners partners)
        where TPartners : IRumorPartners
    {
        Span<int> chosen = stackalloc int[_options.Fanout];
        for (var i = 0; i < chosen.Length; i++)
        {
            var partner = Choose(node, partners, chosen[..i]);
            if (partner < 0)
            {
                return;
            }

            chosen[i] = partner;
            if (partners.IsAlive(partner))
            {
                Contact(node, partner);
            }
            else
            {
                TellTheDead(node);
            }
        }
    }

    /// <summary>A partner not contacted in this cycle yet that takes the contact, or -1.</summary>
    private int Choose<TPartners>(int node, TPartners partners, ReadOnlySpan<int> chosen)
        where TPartners : IRumorPartners
    {
        var hunts = _options.HuntLimit;
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var partner = partners.Draw(node, ref _random);
            if (partner < 0 || chosen.Contains(partner))
            {
                continue;
            }

            if (_options.ConnectionLimit == 0 || _taken[partner]++ < _options.ConnectionLimit)
            {
                return partner;
            }

            if (hunts-- == 0)
            {
                return -1;
            }
        }

        return -1;
    }

    private void Contact(int node, int partner)
    {
        if (_options.Mode == RumorMode.MedianCounter)
        {
            Call(node, partner);
        }
        else if (RumorKernel.Tells(_options, _states[node]))
        {
            var arrived = Tell(node, partner);
            if (arrived && _options.Mode == RumorMode.PushPull && _states[partner].Phase == RumorPhase.Hot)
            {
                RumorKernel.Judge(
                    _options, ref _tallies[partner], _states[partner], wasNew: false, _states[node].Counter);
            }
        }
        else
        {
            Ask(node, partner);
        }
    }

    private void Ask(int node, int partner)
    {
        _requests++;
        if (IsLost() || !RumorKernel.Answers(_options, _states[partner]))
        {
            return;
        }

        if (_options.Digests && _states[node].Knew)
        {
            RumorKernel.Judge(
                _options, ref _tallies[partner], _states[partner], wasNew: false, _states[node].Counter);
        }
        else
        {
            Tell(partner, node);
        }
    }

    /// <summary>Information flows both ways, and each learns the other's counter.</summary>
    private void Call(int node, int partner)
    {
        var (caller, called) = (_states[node], _states[partner]);
        if (caller.Phase == RumorPhase.Hot)
        {
            Transmit(caller, partner);
        }
        else
        {
            _requests++;
        }

        if (called.Phase == RumorPhase.Hot)
        {
            Transmit(called, node);
        }
    }

    private void Transmit(in RumorState from, int to)
    {
        _payloads++;
        if (!IsLost())
        {
            Hear(to, from);
            RumorKernel.Compare(_options, ref _tallies[to], _states[to], from.Counter);
        }
    }

    /// <summary>One message with the rumor, and what its sender hears of it.</summary>
    /// <returns>Whether it arrived.</returns>
    private bool Tell(int from, int to)
    {
        _payloads++;
        RumorKernel.Told(ref _tallies[from]);
        if (IsLost())
        {
            return false;
        }

        var wasNew = !_states[to].Knew;
        Hear(to, _states[from]);
        if (!_options.Feedback || !IsLost())
        {
            RumorKernel.Judge(_options, ref _tallies[from], _states[from], wasNew, _states[to].Counter);
        }

        return true;
    }

    private void TellTheDead(int node)
    {
        if (RumorKernel.Tells(_options, _states[node]))
        {
            _payloads++;
            RumorKernel.Told(ref _tallies[node]);
        }
        else
        {
            _requests++;
        }
    }

    private void Hear(int node, in RumorState from)
    {
        if (RumorKernel.Hear(_options, ref _states[node], from.Counter, from.Age))
        {
            _news++;
        }
    }

    private bool IsLost() => _loss > 0 && _random.NextDouble() < _loss;
}
