namespace Hearsay.Lab;

/// <summary>What an experiment found.</summary>
public sealed record ExperimentResult
{
    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>All parameters with their values, defaults filled in.</summary>
    public required Row Parameters { get; init; }

    /// <summary>Numbers about the whole run.</summary>
    public required Row Summary { get; init; }

    /// <summary>One row per recorded cycle or variant.</summary>
    public required IReadOnlyList<Row> Results { get; init; }

    /// <summary>Expectations checked; empty where none is known for these parameters.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>What is drawn.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>Whether every claim holds.</summary>
    public bool Holds => Claims.All(claim => claim.Holds);
}
