namespace Hearsay.Cli.Exercises.Judging;

/// <summary>An exercise whose solutions implement one interface.</summary>
internal sealed class Exercise<T> : IExercise
    where T : class
{
    /// <summary>A property that takes longer than that never comes to an end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public required int Number { get; init; }

    /// <inheritdoc/>
    public required string Task { get; init; }

    /// <inheritdoc/>
    public required string Chapter { get; init; }

    /// <inheritdoc/>
    public required string Starter { get; init; }

    /// <summary>What every solution does.</summary>
    public required IReadOnlyList<Property<T>> Properties { get; init; }

    /// <inheritdoc/>
    public Type Contract => typeof(T);

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Trials(Func<object> create) =>
        [.. Properties.Select(property => new Trial(property.Text, () => Check(property, () => (T)create())))];

    private static string? Check(Property<T> property, Func<T> create)
    {
        string? breach = null;
        var judge = new Thread(() =>
        {
            try
            {
                breach = property.Check(create);
            }
#pragma warning disable CA1031 // Whatever a reader's code throws is a finding about it.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                var cause = thrown is System.Reflection.TargetInvocationException { InnerException: { } inner }
                    ? inner : thrown;
                breach = $"it threw {cause.GetType().Name}: {cause.Message}";
            }
        })
        {
            // One that never ends does not keep the command from ending.
            IsBackground = true,
        };
        judge.Start();
        return judge.Join(s_patience) ? breach : $"it did not return after {s_patience.TotalSeconds:0} s";
    }
}
