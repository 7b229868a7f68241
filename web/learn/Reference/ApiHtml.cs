using System.Net;
using System.Text;
using System.Xml.Linq;

namespace Hearsay.Learn.Reference;

/// <summary>The elements of XML documentation as HTML.</summary>
/// <param name="addressOf">The page of a documented type or member, by its id; null if there is none.</param>
internal sealed class ApiHtml(Func<string, string?> addressOf)
{
    /// <summary>The content of an element.</summary>
    public string Of(XElement? element)
    {
        var html = new StringBuilder();
        foreach (var node in element?.Nodes() ?? [])
        {
            html.Append(node switch
            {
                XText text => Encode(text.Value),
                XElement inner => Inner(inner),
                _ => "",
            });
        }

        return html.ToString().Trim();
    }

    /// <summary>Text that is safe in HTML.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The last name in an id: <c>M:A.B.C(D)</c> gives C.</summary>
    public static string ShortName(string id)
    {
        var plain = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('(')[0];
        var name = plain[(plain.LastIndexOf('.') + 1)..].Split('`')[0];
        return name == "#ctor" ? ShortName(plain[..plain.LastIndexOf('.')]) : name;
    }

    private string Inner(XElement element) => element.Name.LocalName switch
    {
        "see" or "seealso" => See(element),
        "paramref" or "typeparamref" => $"<code>{Encode((string?)element.Attribute("name") ?? "")}</code>",
        "c" => $"<code>{Encode(element.Value)}</code>",
        "code" => $"<pre tabindex=\"0\"><code>{Encode(Unindent(element.Value))}</code></pre>",
        "para" => $"<p>{Of(element)}</p>",
        "list" => "<ul>" + string.Concat(element.Elements("item").Select(item => $"<li>{Item(item)}</li>")) + "</ul>",
        "b" or "strong" => $"<strong>{Of(element)}</strong>",
        "i" or "em" => $"<em>{Of(element)}</em>",
        "br" => "<br>",
        _ => Of(element),
    };

    private string Item(XElement item) => item.Element("description") is { } description
        ? (item.Element("term") is { } term ? $"<strong>{Of(term)}</strong>: " : "") + Of(description)
        : Of(item);

    private string See(XElement element)
    {
        if ((string?)element.Attribute("langword") is { } word)
        {
            return $"<code>{Encode(word)}</code>";
        }

        if ((string?)element.Attribute("href") is { } href)
        {
            // Links to other hosts are told as text: the site asks nobody else.
            return Encode(element.Value.Length > 0 ? element.Value : href);
        }

        var id = (string?)element.Attribute("cref") ?? "";
        var name = element.Value.Length > 0 ? element.Value : ShortName(id);
        return addressOf(id) is { } address
            ? $"<a href=\"{Encode(address)}\"><code>{Encode(name)}</code></a>" : $"<code>{Encode(name)}</code>";
    }

    private static string Unindent(string text)
    {
        var lines = text.Trim('\n', '\r').TrimEnd().Split('\n');
        var indent = lines.Where(static line => line.Trim().Length > 0)
            .Select(static line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : line));
    }
}
