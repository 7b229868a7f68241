using System.Reflection;
using System.Xml.Linq;

namespace Hearsay.House.Tests;

/// <summary>
/// Who may know whom, as ARCHITECTURE.md draws it. What the compiler used is read from the assemblies by reflection;
/// what a project asks for, used or not, is read from its project file.
/// </summary>
public sealed class DependencyDirectionTests
{
    /// <summary>For each room the rooms it may know and the package names (or their beginnings) it may use.</summary>
    private static readonly Dictionary<string, Room> Rooms = new()
    {
        ["Hearsay.Protocols"] = new([], []),
        ["Hearsay"] = new(["Hearsay.Protocols"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["Hearsay.Learning"] = new(["Hearsay", "Hearsay.Protocols"], []),
        ["Hearsay.Storage.Sqlite"] = new(["Hearsay", "Hearsay.Protocols"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw"]),
        ["Hearsay.Hosting"] = new(["Hearsay", "Hearsay.Protocols"], ["Microsoft.Extensions."]),
        ["Hearsay.AspNetCore"] = new(
            ["Hearsay.Hosting", "Hearsay", "Hearsay.Protocols"], ["Microsoft.Extensions.", "Microsoft.AspNetCore."]),
        ["Hearsay.Simulation"] = new(["Hearsay.Protocols"], []),
        ["Hearsay.Playground"] = new(["Hearsay.Simulation", "Hearsay.Learning", "Hearsay.Protocols"], []),
        ["Hearsay.Lab"] = new(
            ["Hearsay.Simulation", "Hearsay.Learning", "Hearsay.Protocols"], ["ScottPlot", "Spectre.Console"]),

        ["Hearsay.Agent"] = new(
            [
                "Hearsay.AspNetCore", "Hearsay.Hosting", "Hearsay.Storage.Sqlite", "Hearsay.Learning", "Hearsay",
                "Hearsay.Protocols",
            ],
            ["Microsoft.Extensions.", "Microsoft.AspNetCore", "System.CommandLine", "OpenTelemetry"]),

        // `up` measures its overlay with Simulation, and runs nodes of its own.
        ["Hearsay.Cli"] = new(
            [
                "Hearsay.Agent", "Hearsay.Lab", "Hearsay.Playground", "Hearsay.AspNetCore", "Hearsay.Hosting",
                "Hearsay", "Hearsay.Simulation", "Hearsay.Protocols", "Hearsay.Learning",
            ],
            [
                "Microsoft.Extensions.", "Microsoft.AspNetCore", "Microsoft.Win32.Primitives", "Spectre.Console",
                "System.CommandLine",
            ]),
    };

    /// <summary>What would bring sockets, files of the network or a clock's thread into the protocols.</summary>
    private static readonly string[] NotForProtocols =
    [
        "System.Net.Sockets", "System.Net.NameResolution", "System.Net.NetworkInformation", "System.Net.Http",
        "System.Net.Quic", "System.Threading.Channels", "System.Console", "System.Diagnostics.Process",
    ];

    /// <summary>The rooms that exist now: every project folder of src.</summary>
    public static TheoryData<string> Existing =>
        new(Repository.Files("src", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file.Path)));

    [Theory]
    [MemberData(nameof(Existing))]
    public void A_room_knows_only_the_rooms_below_it(string name)
    {
        var references = References(name);
        Assert.Empty(references.Where(IsRoom).Except(Allowed(name).MayKnow));
        Assert.Empty(ProjectReferences(name).Except(Allowed(name).MayKnow));
    }

    [Theory]
    [MemberData(nameof(Existing))]
    public void A_room_uses_only_its_packages(string name)
    {
        var strangers = References(name)
            .Where(reference => !IsRoom(reference) && !reference.StartsWith("System", StringComparison.Ordinal))
            .Where(reference => !Array.Exists(
                Allowed(name).Packages, start => reference.StartsWith(start, StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }

    [Fact]
    public void Protocols_reference_only_the_base_library_and_nothing_that_reaches_outside()
    {
        var references = References("Hearsay.Protocols");
        Assert.All(references, reference => Assert.StartsWith("System.", reference, StringComparison.Ordinal));
        Assert.Empty(references.Intersect(NotForProtocols));
    }

    [Theory]
    [InlineData("Hearsay.Protocols")]
    [InlineData("Hearsay")]
    [InlineData("Hearsay.Learning")]
    [InlineData("Hearsay.Storage.Sqlite")]
    [InlineData("Hearsay.Hosting")]
    [InlineData("Hearsay.Simulation")]
    public void Below_the_service_nothing_knows_ASP_NET(string name) =>
        Assert.DoesNotContain(References(name), IsAspNet);

    [Theory]
    [InlineData("Hearsay.Protocols")]
    [InlineData("Hearsay")]
    [InlineData("Hearsay.Learning")]
    [InlineData("Hearsay.Storage.Sqlite")]
    [InlineData("Hearsay.Hosting")]
    [InlineData("Hearsay.AspNetCore")]
    [InlineData("Hearsay.Agent")]
    public void Nothing_shipped_knows_the_laboratory(string name)
    {
        string[] laboratory = ["Hearsay.Simulation", "Hearsay.Lab", "Hearsay.Playground", "Hearsay.Cli"];
        Assert.Empty(References(name).Concat(ProjectReferences(name)).Intersect(laboratory));
    }

    [Fact]
    public void Control_the_reader_of_references_sees_them()
    {
        Assert.Contains("Hearsay.House.Tests", AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name));
        Assert.Contains("PublicApiGenerator", References("Hearsay.House.Tests"));
        Assert.Contains("Hearsay.Protocols", ProjectReferences("Hearsay"));
        Assert.True(IsAspNet("Microsoft.AspNetCore.Http"));
    }

    private static Room Allowed(string name) => Rooms.TryGetValue(name, out var room)
        ? room
        : throw new KeyNotFoundException(
            $"{name} is a new room: give it its place in ARCHITECTURE.md and in this test.");

    private static bool IsRoom(string name) =>
        name == "Hearsay" || name.StartsWith("Hearsay.", StringComparison.Ordinal);

    private static bool IsAspNet(string name) => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    private static List<string> References(string name) =>
        [.. Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)];

    private static List<string> ProjectReferences(string name)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", name, name + ".csproj"));
        return [.. project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))];
    }

    private sealed record Room(string[] MayKnow, string[] Packages);
}
