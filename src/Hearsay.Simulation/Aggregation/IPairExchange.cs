namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// What an exchange of a bulk run does. A struct, so that the loop over the nodes is compiled for it.
/// </summary>
internal interface IPairExchange
{
    /// <summary>The request has come: the partner updates.</summary>
    void Request(int node, int partner);

    /// <summary>The answer to that request has come: the node updates.</summary>
    void Answer(int node, int partner);
}
