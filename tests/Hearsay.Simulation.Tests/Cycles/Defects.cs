namespace Hearsay.Simulation.Tests;

/// <summary>Ways to get the exchange wrong that earlier implementations found (peer-sampling.md, section 5).</summary>
[Flags]
internal enum Defects
{
    None = 0,

    /// <summary>Prepare works on a copy, so "the first S" of the view are not what was sent.</summary>
    PreparesACopy = 1,

    /// <summary>
    /// Of equally old entries the first one goes first, so own entries give way before received ones.
    /// </summary>
    FirstIndexGoesFirst = 2,

    /// <summary>The passive side prepares its answer after it merged.</summary>
    AnswersAfterMerge = 4,

    /// <summary>Only the active side grows older.</summary>
    PassiveSideStaysYoung = 8,
}
