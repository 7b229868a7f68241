using Hearsay.Agent.Http;

namespace Hearsay.Agent.Tests.Http;

public sealed class HttpPlanReaderTests
{
    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("[::1]:7980", "[::1]:7980")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    public void An_address_on_loopback_needs_nothing_else(string text, string endPoint)
    {
        var plan = Read(out var errors, ("Http", text));
        Assert.Empty(errors);
        Assert.Equal((endPoint, true, true), (plan!.EndPoint.ToString(), plan.IsNamed, plan.IsLocal));
    }

    [Fact]
    public void Without_a_word_it_is_the_default_port_and_none_is_none()
    {
        Assert.Equivalent(HttpPlan.Default, Read(out var errors), strict: true);
        Assert.Empty(errors);
        Assert.Null(Read(out errors, ("Http", "none")));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("7980")]
    [InlineData("127.0.0.1")]
    [InlineData("::1:7980")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("example.com:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("")]
    public void What_is_no_address_with_a_port_is_named_with_what_is(string text)
    {
        Assert.Null(Read(out var errors, ("Http", text)));
        Assert.Contains("--http must be ADDRESS:PORT", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:80")]
    [InlineData("[::]:80")]
    [InlineData("10.0.0.1:80")]
    public void What_others_can_reach_needs_a_token_and_a_certificate_or_a_word_that_it_needs_none(string text)
    {
        Assert.Null(Read(out var errors, ("Http", text)));
        Assert.Equal(2, errors.Count);
        Assert.Contains("needs --http-token-file", errors[0], StringComparison.Ordinal);
        Assert.Contains("--http-insecure true", errors[1], StringComparison.Ordinal);

        using var file = new TokenFile("0123456789abcdef", UnixFileMode.UserRead);
        Assert.Null(Read(out errors, ("Http", text), ("HttpTokenFile", file.Path)));
        Assert.Contains("--http-certificate", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Null(Read(out errors, ("Http", text), ("HttpInsecure", "true")));
        Assert.Contains("--http-token-file", Assert.Single(errors), StringComparison.Ordinal);

        var plan = Read(out errors, ("Http", text), ("HttpTokenFile", file.Path), ("HttpInsecure", "True"));
        Assert.Empty(errors);
        Assert.Equal("0123456789abcdef", plan!.Token);
    }

    [Theory]
    [InlineData("0123456789abcdef\n", UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    [InlineData("0123456789abcdef\n", UnixFileMode.UserRead | UnixFileMode.OtherWrite, "chmod 600")]
    [InlineData("short", UnixFileMode.UserRead, "at least 16")]
    [InlineData("with a space in it", UnixFileMode.UserRead, "at least 16")]
    [InlineData("", UnixFileMode.UserRead, "at least 16")]
    public void A_token_file_that_others_may_read_or_that_holds_no_token_is_refused(
        string content, UnixFileMode mode, string message)
    {
        using var file = new TokenFile(content, mode);
        Assert.Null(Read(out var errors, ("HttpTokenFile", file.Path)));
        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_token_and_UTF_16_is_told()
    {
        using var file = new TokenFile("\uFEFF0123456789abcdef\r\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("0123456789abcdef", Read(out var errors, ("HttpTokenFile", file.Path))!.Token);
        Assert.Empty(errors);
        File.WriteAllText(file.Path, "0123456789abcdef", System.Text.Encoding.Unicode);
        Assert.Null(Read(out errors, ("HttpTokenFile", file.Path)));
        Assert.Contains("in UTF-16", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_there_and_a_key_without_a_certificate_are_refused()
    {
        Read(out var errors, ("HttpTokenFile", "/nowhere/token"));
        Assert.Contains("cannot be read", Assert.Single(errors), StringComparison.Ordinal);
        Read(out errors, ("HttpCertificate", "/nowhere/certificate"));
        Assert.Contains("cannot be used", Assert.Single(errors), StringComparison.Ordinal);
        Read(out errors, ("HttpKey", "/nowhere/key"));
        Assert.Contains("needs --http-certificate", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static HttpPlan? Read(out IReadOnlyList<string> errors, params (string Key, string? Value)[] values)
    {
        var reader = new HttpPlanReader(values.ToDictionary(value => value.Key, value => value.Value));
        var plan = reader.Read();
        errors = reader.Errors;
        return plan;
    }
}
