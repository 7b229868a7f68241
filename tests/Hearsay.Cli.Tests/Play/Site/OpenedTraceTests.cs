using System.Net;
using Hearsay.Cli.Play.Site;

namespace Hearsay.Cli.Tests.Play.Site;

/// <summary>A trace file that <c>hearsay play FILE</c> hands to its page.</summary>
public sealed class OpenedTraceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hearsay-opened");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("run.trace", "run.trace")]
    [InlineData("my run #2 (ä).trace", "my-run--2----.trace")]
    [InlineData(".hidden.trace", "hidden.trace")]
    [InlineData("---", "run.trace")]
    public void Its_name_needs_no_quotes_in_an_address(string name, string expected)
    {
        var trace = OpenedTrace.Of(Write(name, "x"));
        Assert.Equal(expected, trace.Name);
        Assert.Equal($"trace={expected}", trace.Fragment);
        Assert.Matches(@"^\w[\w.-]{0,79}$", OpenedTrace.Of(Write(new string('é', 60) + new string('x', 60), "")).Name);
    }

    [Fact]
    public void A_link_is_not_taken_for_a_file_and_a_file_not_for_a_link()
    {
        Assert.False(OpenedTrace.IsMeant("scene=views&seed=1"));
        Assert.False(OpenedTrace.IsMeant("http://127.0.0.1:7990/#scene=views"));
        Assert.True(OpenedTrace.IsMeant("missing.TRACE"));
        Assert.True(OpenedTrace.IsMeant(Write("anything", "x")));
        Assert.True(OpenedTrace.IsMeant(_folder.FullName));
    }

    [Fact]
    public async Task What_the_page_would_not_open_is_refused_before_anything_is_served()
    {
        var big = Path.Combine(_folder.FullName, "big.trace");
        using (var file = File.Create(big))
        {
            file.SetLength(OpenedTrace.MostBytes + 1);
        }

        foreach (var (path, why) in new[]
        {
            ("missing.trace", "There is no file missing.trace."), (_folder.FullName, "is a folder"),
            (big, "A trace has at most 64 MiB"),
        })
        {
            var (code, output, error) = await Cli.RunAsync($"play --no-browser {path}");
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(why, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_server_hands_out_the_file_as_it_is_now_and_no_other_file()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "index.html"), "<html></html>");
        Write("other.trace", "secret");
        var outside = Directory.CreateTempSubdirectory("hearsay-opened");
        try
        {
            var file = Path.Combine(outside.FullName, "a b.trace");
            await File.WriteAllTextAsync(file, "one");
            var cancellation = TestContext.Current.CancellationToken;
            await using var server = await PlayServer.StartAsync(
                _folder.FullName, null, null, cancellation, OpenedTrace.Of(file));
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            using var answer = await http.GetAsync("trace/a-b.trace", cancellation);
            Assert.Equal("one", await answer.Content.ReadAsStringAsync(cancellation));
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);

            await File.WriteAllTextAsync(file, "two and more");
            Assert.Equal("two and more", await http.GetStringAsync("trace/a-b.trace", cancellation));
            foreach (var path in new[] { "trace/other.trace", "trace/", "trace/%2e%2e/other.trace", "a-b.trace" })
            {
                using var none = await http.GetAsync(path, cancellation);
                Assert.NotEqual("two and more", await none.Content.ReadAsStringAsync(cancellation));
                Assert.True(
                    none.StatusCode == HttpStatusCode.NotFound || path.Contains("%2e", StringComparison.Ordinal));
            }

            using (var grown = File.OpenWrite(file))
            {
                grown.SetLength(OpenedTrace.MostBytes + 1);
            }

            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("trace/a-b.trace", cancellation)).StatusCode);
            File.Delete(file);
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("trace/a-b.trace", cancellation)).StatusCode);
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_copy_lies_where_the_page_of_a_static_host_looks()
    {
        var trace = OpenedTrace.Of(Write("my run.trace", "text"));
        var site = Path.Combine(_folder.FullName, "site");
        trace.CopyTo(site);
        Assert.Equal("text", File.ReadAllText(Path.Combine(site, "trace", "my-run.trace")));
        Assert.Equal("/trace/my-run.trace", trace.Path);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
