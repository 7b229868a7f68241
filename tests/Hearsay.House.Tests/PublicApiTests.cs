using System.Reflection;
using PublicApiGenerator;

namespace Hearsay.House.Tests;

/// <summary>
/// The public surface of each library as a text file beside this test, so that every change to it shows in a review.
/// </summary>
public sealed class PublicApiTests
{
    private const string UpdateSwitch = "HEARSAY_UPDATE_API";

    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    [Theory]
    [InlineData("Hearsay.Protocols")]
    [InlineData("Hearsay")]
    [InlineData("Hearsay.Learning")]
    [InlineData("Hearsay.Storage.Sqlite")]
    [InlineData("Hearsay.Hosting")]
    [InlineData("Hearsay.AspNetCore")]
    [InlineData("Hearsay.Simulation")]
    public void The_public_API_is_the_one_on_record(string name)
    {
        var path = Path.Combine(Repository.Root, "tests", "Hearsay.House.Tests", $"PublicApi.{name}.txt");
        var actual = Normalize(Assembly.Load(name).GeneratePublicApi(Options));
        if (Environment.GetEnvironmentVariable(UpdateSwitch) == "1")
        {
            File.WriteAllText(path, actual);
        }

        var recorded = File.Exists(path) ? Normalize(File.ReadAllText(path)) : "";
        Assert.True(recorded == actual, Explain(name, recorded, actual));
    }

    [Fact]
    public void Control_a_changed_member_is_reported_with_the_way_to_record_it()
    {
        var message = Explain("Hearsay", "class A\n    int Old();\n", "class A\n    int New();\n");
        Assert.Contains("- int Old();", message, StringComparison.Ordinal);
        Assert.Contains("+ int New();", message, StringComparison.Ordinal);
        Assert.DoesNotContain("class A", message, StringComparison.Ordinal);
        Assert.Contains(UpdateSwitch + "=1", message, StringComparison.Ordinal);
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").Trim() + "\n";

    private static string Explain(string name, string recorded, string actual)
    {
        string[] before = recorded.Split('\n'), after = actual.Split('\n');
        var changes = before.Except(after).Select(line => "- " + line.Trim())
            .Concat(after.Except(before).Select(line => "+ " + line.Trim()));
        return $"""
            The public API of {name} is not the one in PublicApi.{name}.txt:
            {string.Join('\n', changes.Take(60))}
            If the change is meant, record it and commit the file:
              {UpdateSwitch}=1 dotnet test --project tests/Hearsay.House.Tests --filter-class "*PublicApiTests"
            """;
    }
}
