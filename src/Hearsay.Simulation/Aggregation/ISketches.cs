namespace Hearsay.Simulation.Aggregation;

/// <summary>A sketch per node of a bulk run, and one more row for what all of them together know.</summary>
internal interface ISketches : IPairExchange
{
    /// <summary>Whether two rows hold the same.</summary>
    bool AreSame(int one, int other);

    /// <summary>What a row tells.</summary>
    double Estimate(int row);
}
