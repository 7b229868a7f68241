using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// A second implementation of two of the published variants, written straight from their description and with defects
/// on demand: the oracle's own oracle.
/// </summary>
internal sealed class NaiveRumor(int k, RumorDefects defects)
{
    private const int Nodes = 1_000;

    private enum Site
    {
        Susceptible,
        Infective,
        Removed,
    }

    private Site[] _sites = [];
    private int[] _counters = [];
    private SeededRandom _random;

    /// <summary>Mean residue and traffic of so many trials.</summary>
    public (double Residue, double Traffic) Run(bool pull, int trials)
    {
        var (residue, traffic) = (0.0, 0.0);
        for (var trial = 0; trial < trials; trial++)
        {
            _sites = new Site[Nodes];
            _counters = new int[Nodes];
            _random = SeededRandom.For(99, (ulong)trial, 0, 1);
            _sites[0] = Site.Infective;
            var sent = 0;
            while (_sites.Contains(Site.Infective))
            {
                sent += pull ? Pull() : Push();
            }

            residue += _sites.Count(site => site == Site.Susceptible) / (double)Nodes / trials;
            traffic += sent / (double)Nodes / trials;
        }

        return (residue, traffic);
    }

    private int Push()
    {
        var before = (Site[])_sites.Clone();
        var sent = 0;
        for (var site = 0; site < Nodes; site++)
        {
            if ((Has(RumorDefects.TellsAtOnce) ? _sites : before)[site] != Site.Infective)
            {
                continue;
            }

            sent++;
            var other = Other(site);
            var knew = (Has(RumorDefects.SeesTheCycle) ? _sites : before)[other] != Site.Susceptible;
            if (_sites[other] == Site.Susceptible)
            {
                _sites[other] = Site.Infective;
            }

            Count(site, useful: !knew);
        }

        return sent;
    }

    private int Pull()
    {
        var before = (Site[])_sites.Clone();
        var (sent, needed, wasted) = (0, new int[Nodes], new int[Nodes]);
        for (var site = 0; site < Nodes; site++)
        {
            var other = Other(site);
            var answers = before[other] == Site.Infective
                || (Has(RumorDefects.RemovedAnswer) && before[other] == Site.Removed);
            if (!answers)
            {
                continue;
            }

            sent++;
            (before[site] == Site.Susceptible ? needed : wasted)[other]++;
            if (before[site] == Site.Susceptible)
            {
                _sites[site] = Site.Infective;
            }
        }

        for (var site = 0; site < Nodes; site++)
        {
            if (before[site] == Site.Infective && Has(RumorDefects.CountsEachAsker) && wasted[site] > 0)
            {
                Count(site, useful: false);
            }
            else if (before[site] == Site.Infective && needed[site] + wasted[site] > 0)
            {
                Count(site, needed[site] > 0);
            }
        }

        return sent;
    }

    private void Count(int site, bool useful)
    {
        if (useful)
        {
            _counters[site] = Has(RumorDefects.CumulativeCounter) ? _counters[site] : 0;
        }
        else if (++_counters[site] >= k + (Has(RumorDefects.OneTooMany) ? 1 : 0))
        {
            _sites[site] = Site.Removed;
        }
    }

    private int Other(int site)
    {
        var other = _random.Below(Nodes - 1);
        return other >= site ? other + 1 : other;
    }

    private bool Has(RumorDefects defect) => (defects & defect) != 0;
}
