namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What a schedule came to.</summary>
/// <param name="Resurrections">Items shown in the end of which a removal is known somewhere.</param>
/// <param name="LostWrites">Items that somebody had and nobody removed, and that are not shown in the end.</param>
/// <param name="IsDivergent">Whether nodes differ in the end, or one did not have what it must during the
/// schedule.</param>
internal readonly record struct ScheduleVerdict(UInt128 Resurrections, UInt128 LostWrites, bool IsDivergent)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Resurrections == 0 && LostWrites == 0 && !IsDivergent;
}
