namespace Hearsay.Cli.Exercises.Judging;

/// <summary>An exercise, and how solutions are judged.</summary>
internal interface IExercise
{
    /// <summary>Its number.</summary>
    int Number { get; }

    /// <summary>What is to be written, in a sentence.</summary>
    string Task { get; }

    /// <summary>The chapter that explains what is needed for it.</summary>
    string Chapter { get; }

    /// <summary>What the class of a solution implements.</summary>
    Type Contract { get; }

    /// <summary>A file to begin with: it compiles, and nothing holds.</summary>
    string Starter { get; }

    /// <summary>How a class is judged; each property by objects of its own.</summary>
    IReadOnlyList<Trial> Trials(Func<object> create);
}
