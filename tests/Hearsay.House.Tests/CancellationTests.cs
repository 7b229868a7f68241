using System.Reflection;

namespace Hearsay.House.Tests;

/// <summary>Whoever waits for a library can stop waiting, in the way that .NET uses everywhere.</summary>
public sealed class CancellationTests
{
    /// <summary>Their form is given by an interface or a delegate of .NET.</summary>
    private static readonly string[] s_given = ["DisposeAsync", "GetAsyncEnumerator", "EndInvoke"];

    [Theory]
    [InlineData("Hearsay.Protocols")]
    [InlineData("Hearsay")]
    [InlineData("Hearsay.Hosting")]
    [InlineData("Hearsay.Simulation")]
    public void Every_public_method_that_waits_takes_a_token_at_its_end_by_the_usual_name(string assembly) =>
        Assert.Empty(Assembly.Load(assembly).GetExportedTypes().SelectMany(Findings));

    [Fact]
    public void Control_a_method_without_a_token_or_with_one_of_another_name_is_found() =>
        Assert.Equal(["Sample.LastAsync", "Sample.NoneAsync", "Sample.OtherAsync"], Findings(typeof(Sample)).Order());

    private static IEnumerable<string> Findings(Type type)
    {
        const BindingFlags Own =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMethods(Own)
            .Where(method => !method.IsSpecialName && Waits(method.ReturnType) && !s_given.Contains(method.Name))
            .Where(method => method.GetParameters() is not [.., { Name: "cancellationToken" } last]
                || last.ParameterType != typeof(CancellationToken))
            .Select(method => $"{type.Name}.{method.Name}");
    }

    private static bool Waits(Type type)
    {
        var plain = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return plain == typeof(Task) || plain == typeof(Task<>) || plain == typeof(ValueTask)
            || plain == typeof(ValueTask<>) || plain == typeof(IAsyncEnumerable<>);
    }

    private sealed class Sample
    {
        public static Task NoneAsync() => Task.CompletedTask;

        public static ValueTask<int> OtherAsync(CancellationToken cancellation) => new(cancellation.GetHashCode());

        public static Task LastAsync(CancellationToken cancellationToken, params int[] more) =>
            Task.Delay(more.Length, cancellationToken);

        public static Task GoodAsync(int more, CancellationToken cancellationToken) =>
            Task.Delay(more, cancellationToken);

        public static int Plain() => 1;
    }
}
