"""The Markdown extension that puts ``<picture>`` where a text shows a picture."""

import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from plugins.images.picture import Pictures, Unfit

LAST = 5  # priority among the treeprocessors: links and emphasis are done


class Images(Extension):
    """Markdown extension that renders the pictures of ``content/images`` as ``<picture>``.

    ``shown``: of the text that was converted last, each picture's name and description, and in words what is wrong with it.
    """

    def __init__(self, pictures: Pictures):
        super().__init__()
        self._pictures = pictures
        self.shown: list[tuple[str, str, str | None]] = []

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        md.treeprocessors.register(_Images(md, self), "images", LAST)

    def reset(self) -> None:
        self.shown = []

    def render(self, src: str, alt: str) -> etree.Element | None:
        """Return the element for a picture, or None when it can't be published; note it either way."""
        words = self._pictures.unfit(src, alt)
        self.shown.append((src, alt, words))
        try:
            picture = self._pictures.use(src)
        except Unfit:
            return None
        return picture.element(alt, first=len(self.shown) == 1)


class _Images(Treeprocessor):
    def __init__(self, md: Markdown, images: Images):
        super().__init__(md)
        self._images = images

    def run(self, root: etree.Element) -> None:
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "img" and (whole := self._rendered(child)) is not None:
                    whole.tail = child.tail
                    parent[place] = whole

    def _rendered(self, image: etree.Element) -> etree.Element | None:
        """Escaped signs are still Markdown's placeholders here: what is checked has to be what they become."""
        unescape = self.md.treeprocessors["unescape"].unescape
        return self._images.render(unescape(image.get("src", "")), unescape(image.get("alt", "")))
