using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Cli.Play.Site;

/// <summary>
/// The files of the page. The packed tool has them beside itself. In a working copy of the repository they are built
/// when they are asked for, since that takes most of a minute and nothing else needs them.
/// </summary>
internal static class SiteFolder
{
    private const string Project = "web/host/Hearsay.Playground.Web.csproj";
    private const string Published = "artifacts/publish/Hearsay.Playground.Web/release/wwwroot";

    /// <summary>What the page is made of, by folder.</summary>
    private static readonly string[] Sources =
    [
        "src/Hearsay.Protocols", "src/Hearsay.Simulation", "src/Hearsay.Learning", "src/Hearsay.Playground",
        "web/host/wwwroot", "web/learn", "docs/learn",
    ];

    /// <summary>The folder; null if there is none and it cannot be built, which is told.</summary>
    public static async Task<string?> FindAsync(TextWriter error, CancellationToken cancellation)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "playground");
        if (IsSite(beside))
        {
            return beside;
        }

        if (RepositoryRoot() is not { } root)
        {
            error.WriteLine("The files of the playground are missing: this tool was packed without them.");
            return null;
        }

        var site = Path.Combine(root, Published);
        if (IsSite(site) && File.GetLastWriteTimeUtc(Path.Combine(site, "index.html")) >= NewestSource(root))
        {
            return site;
        }

        error.WriteLine("Building the page, which takes about a minute; the next time it is there.");
        return await BuildAsync(root, error, cancellation).ConfigureAwait(false) && IsSite(site) ? site : null;
    }

    /// <summary>Copies the page; files that a host compresses itself are left out.</summary>
    /// <returns>How many files there are.</returns>
    public static int Copy(string site, string folder)
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(site, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith(".br", StringComparison.Ordinal) && !file.EndsWith(".gz", StringComparison.Ordinal))
            {
                var target = Path.Combine(folder, Path.GetRelativePath(site, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
                count++;
            }
        }

        return count;
    }

    private static bool IsSite(string folder) => File.Exists(Path.Combine(folder, "index.html"))
        && Directory.Exists(Path.Combine(folder, "_framework"));

    /// <summary>The working copy that this tool was built in.</summary>
    private static string? RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Project)))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static DateTime NewestSource(string root)
    {
        var newest = DateTime.MinValue;
        foreach (var folder in Sources.Select(source => Path.Combine(root, source)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var written = File.GetLastWriteTimeUtc(file);
                newest = written > newest ? written : newest;
            }
        }

        return newest;
    }

    private static async Task<bool> BuildAsync(string root, TextWriter error, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "publish", Path.Combine(root, Project), "-c", "Release", "-v", "q", "--nologo" },
            WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using var build = Process.Start(start)!;
            var said = Task.WhenAll(
                build.StandardOutput.ReadToEndAsync(cancellation), build.StandardError.ReadToEndAsync(cancellation));
            await using var stop = cancellation.Register(() => build.Kill(entireProcessTree: true));
            await build.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (build.ExitCode == 0)
            {
                return Touch(Path.Combine(root, Published, "index.html"));
            }

            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The build failed ({build.ExitCode}):"));
            error.WriteLine(string.Concat(await said.ConfigureAwait(false)));
            return false;
        }
        catch (Win32Exception none)
        {
            error.WriteLine($"dotnet cannot be started to build the page: {none.Message}");
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A page that did not change is as new as its sources all the same.</summary>
    private static bool Touch(string file)
    {
        if (File.Exists(file))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        }

        return File.Exists(file);
    }
}
