namespace Hearsay.Defects;

/// <summary>The switches of the defects that the copy of the product has; off unless a test turns one on.</summary>
public static class Defect
{
    /// <summary>Whether this defect is switched on, for the thread that asks.</summary>
    /// <typeparam name="T">The enum of a sheet.</typeparam>
    public static bool Is<T>(T defect)
        where T : struct, Enum => EqualityComparer<T>.Default.Equals(Switch<T>.Current, defect);

    /// <summary>Switches a defect on, for this thread, until what is returned is disposed.</summary>
    /// <typeparam name="T">The enum of a sheet; one of its defects at a time.</typeparam>
    public static IDisposable SwitchOn<T>(T defect)
        where T : struct, Enum
    {
        Switch<T>.Current = defect;
        return new Off<T>();
    }

    /// <summary>The defects of a sheet.</summary>
    /// <typeparam name="T">Its enum.</typeparam>
    public static TheoryData<T> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Skip(1)];

    private static class Switch<T>
        where T : struct, Enum
    {
        [field: ThreadStatic]
        public static T Current { get; set; }
    }

    private sealed class Off<T> : IDisposable
        where T : struct, Enum
    {
        public void Dispose() => Switch<T>.Current = default;
    }
}
