namespace Hearsay.Lab.Models;

/// <summary>How a rumor spread.</summary>
/// <param name="Rounds">Rounds until every live node knew, or until the limit.</param>
/// <param name="MedianRound">The round after which half of them knew.</param>
/// <param name="Share">Of the live nodes that knew in the end.</param>
/// <param name="Payloads">Messages that carried the rumor.</param>
/// <param name="Requests">Messages that only asked.</param>
/// <param name="Curve">By round: the share that knows, and the payloads sent in that round for each new node.</param>
internal sealed record SpreadRun(
    int Rounds, int MedianRound, double Share, long Payloads, long Requests,
    IReadOnlyList<(double Share, double PayloadsPerNew)> Curve);
