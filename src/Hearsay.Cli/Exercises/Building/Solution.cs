using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Loader;

namespace Hearsay.Cli.Exercises.Building;

/// <summary>The class that a reader wrote: compiled by the SDK where it is source, and loaded.</summary>
internal static class Solution
{
    private const string ProjectName = "HearsaySolution";

    /// <summary>Files above the folder that would have a say in it.</summary>
    private static readonly string[] s_shadowed =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    /// <summary>Compiles and loads what a path names: a file of C#, a project, or a library that is built.</summary>
    /// <returns>Makes an object of the class.</returns>
    /// <exception cref="SolutionException">It cannot be compiled, or has no class of the kind.</exception>
    public static async Task<Func<object>> LoadAsync(string path, Type contract, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new SolutionException($"There is no file '{path}'.", isUsage: true);
        }

        var full = Path.GetFullPath(path);
        return Path.GetExtension(full) switch
        {
            ".dll" => Find(full, contract),
            ".csproj" => Find(await BuildAsync(full, null, cancellation).ConfigureAwait(false), contract),
            ".cs" => await CompileAsync(full, contract, cancellation).ConfigureAwait(false),
            var other => throw new SolutionException(
                $"A solution is a file of C# (.cs), a project (.csproj) or a library (.dll), not '{other}'.",
                isUsage: true),
        };
    }

    /// <summary>A project of one file, in a folder that is gone afterwards.</summary>
    private static async Task<Func<object>> CompileAsync(string file, Type contract, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-exercise");
        try
        {
            var project = Path.Combine(folder.FullName, ProjectName + ".csproj");
            await File.WriteAllTextAsync(project, ProjectOf(file, contract.Assembly.Location), cancellation)
                .ConfigureAwait(false);

            // What stands above the folder is not part of it.
            foreach (var name in s_shadowed)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), "<Project />", cancellation)
                    .ConfigureAwait(false);
            }

            return Find(await BuildAsync(project, folder.FullName, cancellation).ConfigureAwait(false), contract);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string ProjectOf(string file, string library) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
          </PropertyGroup>
          <ItemGroup>
            <Compile Include="{System.Security.SecurityElement.Escape(file)}" />
            <Reference Include="{System.Security.SecurityElement.Escape(library)}" Private="false" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>Builds a project.</summary>
    /// <returns>The library that came of it.</returns>
    private static async Task<string> BuildAsync(string project, string? folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "build", project, "-c", "Release", "--nologo", "-v", "q", "-getProperty:TargetPath" },
            WorkingDirectory = folder ?? Path.GetDirectoryName(project)!,
            RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // Asking for a property builds nothing unless a target is named as well.
        start.ArgumentList.Add("-t:Build");
        try
        {
            using var build = Process.Start(start)!;
            await using var stop = cancellation.Register(() => build.Kill(entireProcessTree: true));
            var said = await Task.WhenAll(
                build.StandardOutput.ReadToEndAsync(cancellation), build.StandardError.ReadToEndAsync(cancellation))
                .ConfigureAwait(false);
            await build.WaitForExitAsync(cancellation).ConfigureAwait(false);
            var library = said[0].Trim().Split('\n')[^1].Trim();
            return build.ExitCode == 0 && File.Exists(library)
                ? library : throw new SolutionException("It does not compile:" + Environment.NewLine + Errors(said));
        }
        catch (Win32Exception none)
        {
            throw new SolutionException($"dotnet cannot be started to compile it: {none.Message}");
        }
    }

    /// <summary>What the compiler said, each error once, without the project that nobody wrote.</summary>
    private static string Errors(string[] said)
    {
        var lines = string.Join('\n', said).Split('\n')
            .Where(static line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
            .Select(static line => line.Trim())
            .Select(static line => line.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var end
                ? line[..end] : line)
            .Distinct().Take(20).ToList();
        return lines.Count > 0 ? string.Join(Environment.NewLine, lines) : string.Join('\n', said).Trim();
    }

    private static Func<object> Find(string library, Type contract)
    {
        // Loaded from memory, so that the file can be deleted and written again.
        var context = new AssemblyLoadContext(ProjectName, isCollectible: true);
        using var bytes = new MemoryStream(File.ReadAllBytes(library));
        var assembly = context.LoadFromStream(bytes);
        var types = assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }
            && contract.IsAssignableFrom(type)).ToList();
        if (types.Count != 1)
        {
            throw new SolutionException(types.Count == 0
                ? $"There is no class that implements {contract.Name}."
                : $"There are {types.Count} classes that implement {contract.Name}: "
                    + string.Join(", ", types.Select(static type => type.Name)) + ".");
        }

        return types[0].GetConstructor(Type.EmptyTypes) is null
            ? throw new SolutionException($"{types[0].Name} has no public constructor without parameters.")
            : () => Activator.CreateInstance(types[0])!;
    }
}
