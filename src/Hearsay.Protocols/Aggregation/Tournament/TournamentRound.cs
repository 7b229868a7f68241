namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>One synchronous round of a quantile tournament.</summary>
/// <param name="Kind">What a node makes of the values it pulls.</param>
/// <param name="Pulls">How many nodes it asks.</param>
/// <param name="Chance">
/// The probability that it uses all of them; otherwise it takes the first as it is. 1 in all rounds but the last of the
/// first phase.
/// </param>
internal readonly record struct TournamentRound(TournamentRoundKind Kind, int Pulls, double Chance);
