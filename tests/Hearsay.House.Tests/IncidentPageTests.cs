using System.Text.RegularExpressions;

namespace Hearsay.House.Tests;

/// <summary>docs/incidents.md: what happened elsewhere, and the tests that hold that it does not happen here.</summary>
public sealed partial class IncidentPageTests
{
    /// <summary>What inflates bytes, or makes objects of types that the bytes name.</summary>
    private static readonly string[] s_dangerous =
    [
        "System.IO.Compression", "BinaryFormatter", "XmlSerializer", "DataContractSerializer", "SoapFormatter",
        "Activator.CreateInstance", "Type.GetType(", "Assembly.Load", "TypeNameHandling", "JsonDerivedType",
    ];

    /// <summary>Data of an experiment, and the file that the user of an exercise names.</summary>
    private static readonly string[] s_allowed =
        ["src/Hearsay.Lab/Models/Learning/FashionMnist.cs", "src/Hearsay.Cli/Exercises/Building/Solution.cs"];

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = Named().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "incidents.md")))
            .Select(static match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToArray();
        Assert.True(named.Length >= 20, $"{named.Length}");
        var sources = Repository.Files("tests", ".cs").ToArray();
        Assert.All(named, test => Assert.Contains(
            sources,
            source => source.Text.Contains($"class {test.Class}", StringComparison.Ordinal)
                && source.Text.Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_that_comes_from_others_is_inflated_or_made_into_types_that_it_names()
    {
        var sources = Repository.Files("src", ".cs").Where(source => !s_allowed.Contains(source.Path)).ToArray();
        Assert.True(sources.Length > 500);
        Assert.All(sources, static source => Assert.DoesNotContain(
            s_dangerous, word => source.Text.Contains(word, StringComparison.Ordinal)));

        // The control: the words are found where they are.
        Assert.All(s_allowed, path => Assert.Contains(
            s_dangerous,
            word => File.ReadAllText(Path.Combine(Repository.Root, path)).Contains(word, StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Za-z]+Tests|[A-Za-z]+Conformance)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex Named();
}
