namespace Hearsay.Cli.Exercises.Judging;

/// <summary>All exercises, by number.</summary>
internal static class ExerciseList
{
    /// <summary>The exercises.</summary>
    public static IReadOnlyList<IExercise> All { get; } =
        [MergeExercise.Create(), DrawExercise.Create(), AverageExercise.Create()];
}
