namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>Ways to read the rules of rumor mongering that give other figures than the published ones.</summary>
[Flags]
internal enum RumorDefects
{
    None = 0,

    /// <summary>A useful contact does not set the counter back.</summary>
    CumulativeCounter = 1,

    /// <summary>Contacts are judged on what happened earlier in the same cycle.</summary>
    SeesTheCycle = 2,

    /// <summary>Who learns the rumor tells it in the same cycle already, if its turn is still to come.</summary>
    TellsAtOnce = 4,

    /// <summary>Of those that ask a node in a cycle, each one who knows counts, even if another did not.</summary>
    CountsEachAsker = 8,

    /// <summary>Who has lost interest answers all the same.</summary>
    RemovedAnswer = 16,

    /// <summary>The first unnecessary contact does not count.</summary>
    OneTooMany = 32,
}
