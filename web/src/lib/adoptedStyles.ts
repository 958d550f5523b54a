import { useLayoutEffect } from "react";

/**
 * Takes the place of `react-style-singleton`, by which dialogs lock the page's scrolling. It adopts a style sheet where
 * the library writes a style element, which the content security policy forbids.
 */
export const styleSingleton = () =>
  function AdoptedStyles({ styles }: { styles: string }): null {
    useLayoutEffect(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets.push(sheet);
      return () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    }, [styles]);
    return null;
  };
